using MimeKit;
using MimeKit.Utils;

namespace EmailDigest.Deliver;

/// <summary>Writes the email as a MIME file that every mail program opens.</summary>
internal static class EmlWriter
{
    /// <summary>Writes the file whole or not at all.</summary>
    /// <returns>How many bytes it has.</returns>
    public static long Write(DigestEmail email, MailboxAddress from, IEnumerable<MailboxAddress> to, TimeProvider clock, string path)
    {
        // The last alternative is the one preferred (RFC 2046 section 5.1.4). In base64, since the lines of MimeKit's other encoding get too long by one.
        using var message = new MimeMessage([from], to, email.Subject, new MultipartAlternative(
            new TextPart("plain") { Text = TextBody.Render(email), ContentTransferEncoding = ContentEncoding.Base64 },
            new TextPart("html") { Text = HtmlBody.Render(email), ContentTransferEncoding = ContentEncoding.Base64 }));
        message.Date = clock.GetUtcNow();
        message.MessageId = MimeUtils.GenerateMessageId(from.Domain);
        FormatOptions format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;

        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        // Beside the target, since a move is atomic only within one file system.
        string temporary = Path.Combine(folder, "." + Path.GetRandomFileName());
        try
        {
            message.WriteTo(format, temporary);
            long size = new FileInfo(temporary).Length;
            File.Move(temporary, path, overwrite: true);
            return size;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The person asked for the file, and has never heard of the temporary one.
            throw new IOException(failure.Message.Replace(temporary, path, StringComparison.Ordinal), failure);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
