using MimeKit;
using MimeKit.IO;

namespace EmailDigest.Deliver;

/// <summary>The email as a MIME message that every mail program opens.</summary>
internal static class EmailMessage
{
    /// <summary>Mail has CRLF everywhere (RFC 5322 section 2.3).</summary>
    public static readonly FormatOptions Format = MakeFormat();

    public static MimeMessage Of(DigestEmail email, MailboxAddress from, IEnumerable<MailboxAddress> to, DateTimeOffset date)
    {
        // The last alternative is the one preferred (RFC 2046 section 5.1.4). In base64, since the lines of MimeKit's other encoding get too long by one.
        // No line of base64 begins like the boundary, so it can be the same one in every message: a repeat then has the same bytes.
        var message = new MimeMessage([from], to, email.Subject, new MultipartAlternative(
            new TextPart("plain") { Text = TextBody.Render(email), ContentTransferEncoding = ContentEncoding.Base64 },
            new TextPart("html") { Text = HtmlBody.Render(email), ContentTransferEncoding = ContentEncoding.Base64 })
        { Boundary = "=-EmailDigest" });
        message.Date = date;
        return message;
    }

    /// <summary>An attempt that may repeat another one has the same id, so that mail programs and people can tell that both are one email.</summary>
    public static void Identify(MimeMessage message, DeliveryAttempt attempt)
    {
        string host = message.From.Mailboxes.First().GetAddress(idnEncode: true).Split('@')[^1];
        message.MessageId = $"{attempt.MessageId}@{host}";
    }

    public static string SizeOf(MimeMessage message)
    {
        using var measure = new MeasuringStream();
        message.WriteTo(Format, measure);
        return string.Create(CultureInfo.InvariantCulture, $"{measure.Length / 1024.0:N1} KB");
    }

    private static FormatOptions MakeFormat()
    {
        FormatOptions format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        return format;
    }
}
