using System.Net.Mail;
using System.Net.Mime;
using System.Security.Cryptography;
using System.Text;

namespace EmailDigest.Email;

/// <summary>Writes the email as a MIME file that every mail program opens.</summary>
internal static class EmlWriter
{
    /// <summary>Writes the file whole or not at all.</summary>
    /// <returns>How many bytes it has.</returns>
    public static long Write(DigestEmail email, string from, IEnumerable<string> to, TimeProvider clock, string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);

        // Beside the target, since a move is atomic only within one file system.
        string temporary = Path.Combine(folder, ".digest-" + RandomHex());
        Directory.CreateDirectory(temporary);
        try
        {
            using (MailMessage message = Compose(email, from, to, clock))
            using (var pickup = new SmtpClient { DeliveryMethod = SmtpDeliveryMethod.SpecifiedPickupDirectory, PickupDirectoryLocation = temporary })
            {
                pickup.Send(message);
            }

            string written = Directory.GetFiles(temporary).Single();
            RemoveEnvelope(written);
            long size = new FileInfo(written).Length;
            File.Move(written, path, overwrite: true);
            return size;
        }
        finally
        {
            Directory.Delete(temporary, recursive: true);
        }
    }

    private static MailMessage Compose(DigestEmail email, string from, IEnumerable<string> to, TimeProvider clock)
    {
        var message = new MailMessage
        {
            From = new MailAddress(from),
            Subject = email.Subject,
            SubjectEncoding = Encoding.UTF8,
            HeadersEncoding = Encoding.UTF8,
        };
        foreach (string recipient in to)
        {
            message.To.Add(new MailAddress(recipient));
        }

        // System.Net.Mail gives no id; RFC 5322 section 3.6.4 wants one. Its Date would be in the local time zone.
        message.Headers.Add("Message-ID", $"<{RandomHex()}@{message.From.Host}>");
        message.Headers.Add("Date", clock.GetUtcNow().ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", System.Globalization.CultureInfo.InvariantCulture));

        // The last alternative is the one preferred (RFC 2046 section 5.1.4).
        message.AlternateViews.Add(View(TextBody.Render(email), MediaTypeNames.Text.Plain));
        message.AlternateViews.Add(View(HtmlBody.Render(email), MediaTypeNames.Text.Html));
        return message;
    }

    private static AlternateView View(string text, string type)
    {
        var view = AlternateView.CreateAlternateViewFromString(text, Encoding.UTF8, type);
        view.TransferEncoding = TransferEncoding.Base64; // Its quoted-printable encodes line breaks, against RFC 2045 section 6.7 rule 4.
        return view;
    }

    // X-Sender and X-Receiver tell a mail server's pickup folder the envelope; in a file for a person they are noise.
    private static void RemoveEnvelope(string path)
    {
        string text = File.ReadAllText(path, Encoding.Latin1);
        while (text.StartsWith("X-Sender:", StringComparison.Ordinal) || text.StartsWith("X-Receiver:", StringComparison.Ordinal))
        {
            text = text[(text.IndexOf("\r\n", StringComparison.Ordinal) + 2)..];
        }

        File.WriteAllText(path, text, Encoding.Latin1);
    }

    private static string RandomHex() => RandomNumberGenerator.GetHexString(16, lowercase: true);
}
