using MimeKit;

namespace EmailDigest.Deliver;

/// <summary>Addresses that every mail server takes.</summary>
internal static class MailAddress
{
    /// <returns>What is wrong with it; <see langword="null"/>: nothing, and <paramref name="address"/> has a domain of ASCII letters.</returns>
    public static string? Parse(string text, out MailboxAddress? address)
    {
        if (!MailboxAddress.TryParse(text, out address) || string.IsNullOrEmpty(address.Domain) || string.IsNullOrEmpty(address.LocalPart))
        {
            return $"'{text}' is not an email address.";
        }

        if (!Ascii.IsValid(address.LocalPart))
        {
            return $"'{text}' has letters outside of ASCII before the @, which many mail servers refuse; use an address without.";
        }

        try
        {
            string domain = Ascii.IsValid(address.Domain) ? address.Domain : new IdnMapping().GetAscii(address.Domain.ToLowerInvariant());
            address = new MailboxAddress(address.Name, $"{address.LocalPart}@{domain}");
            return null;
        }
        catch (ArgumentException)
        {
            return $"'{text}' is not an email address: '{address.Domain}' is not a domain.";
        }
    }
}
