using MimeKit;

namespace EmailDigest.Deliver;

/// <summary>Delivers into a file, for those without a mail server. Mail programs open it.</summary>
internal sealed class EmlFile(string path) : IMailer
{
    public Task<string> SendAsync(MimeMessage message, CancellationToken cancellationToken)
    {
        try
        {
            Write(message, path);
            return Task.FromResult($"Written: {path}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            string words = $"The email could not be written to {path}: {failure.Message} Make its folder writable, or name another file or folder with --output.";
            throw new DeliveryFailedException(DeliveryFailureKind.Retry, words, failure);
        }
    }

    // The file is written whole or not at all, so a failure is known to have written none.
    private static void Write(MimeMessage message, string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        // Beside the target, since a move is atomic only within one file system.
        string temporary = Path.Combine(folder, "." + Path.GetRandomFileName());
        try
        {
            message.WriteTo(EmailMessage.Format, temporary);
            File.Move(temporary, path, overwrite: true);
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
