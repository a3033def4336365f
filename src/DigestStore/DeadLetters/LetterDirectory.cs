using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DigestStore.DeadLetters;

// The letter files of one table. A file is written once and never changed; its name starts with the time, so names sort by age.
internal sealed class LetterDirectory(string path)
{
    private const string Extension = ".jsonl";
    private const string Unreadable = ".unreadable";
    private const string Unfinished = ".tmp";
    private const string TimeFormat = "yyyyMMdd'T'HHmmssfff'Z'";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static string NameOf(string table) =>
        string.Concat(table.Select(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' ? character : '_'));

    public async Task WriteAsync(IReadOnlyList<DeadLetter> letters, long maxBytes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using MemoryStream content = ContentOf(letters);
        Create();
        if (Size() + content.Length > maxBytes)
        {
            throw new IOException($"{letters.Count} dead letters need {content.Length} bytes and would exceed the cap of {maxBytes} bytes. Replay the letters that are there, or raise MaxBytes.");
        }

        await WriteAsync(path, now, Extension, content, cancellationToken).ConfigureAwait(false);
    }

    // What is left of a file that is being replayed: as old as the file, and no more for the caps than that was.
    public static async Task RewriteAsync(FileStream claim, IReadOnlyList<DeadLetter> letters)
    {
        using MemoryStream content = ContentOf(letters);
        await WriteAsync(Path.GetDirectoryName(claim.Name)!, WrittenAt(claim.Name), Extension, content, CancellationToken.None).ConfigureAwait(false);
    }

    // Its lines that are no letters: they age with the others, and are as secret.
    public static async Task KeepApartAsync(FileStream claim, IReadOnlyList<string> lines)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
        await WriteAsync(Path.GetDirectoryName(claim.Name)!, WrittenAt(claim.Name), Unreadable, content, CancellationToken.None).ConfigureAwait(false);
    }

    private static MemoryStream ContentOf(IReadOnlyList<DeadLetter> letters)
    {
        var content = new MemoryStream();
        foreach (DeadLetter letter in letters)
        {
            content.Write(LetterJson.Write(letter));
            content.WriteByte((byte)'\n');
        }

        return content;
    }

    private static async Task WriteAsync(string path, DateTimeOffset time, string extension, MemoryStream content, CancellationToken cancellationToken)
    {
        string name = time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture) + "-" + RandomNumberGenerator.GetHexString(16, lowercase: true);
        string unfinished = Path.Combine(path, name + Unfinished);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        try
        {
            var file = new FileStream(unfinished, options);
            await using (file.ConfigureAwait(false))
            {
                content.Position = 0;
                await content.CopyToAsync(file, cancellationToken).ConfigureAwait(false);
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, Path.Combine(path, name + extension));
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    // Throws what a write would. The directory stays.
    public void TryOut()
    {
        Create();
        using var file = new FileStream(Path.Combine(path, "probe-" + RandomNumberGenerator.GetHexString(16, lowercase: true) + Unfinished), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            Options = FileOptions.DeleteOnClose,
        });
        file.WriteByte((byte)'\n');
        file.Flush(flushToDisk: true);
    }

    // Oldest first. Files of another process's unfinished write have another extension.
    public IReadOnlyList<string> Files() => [.. Named(Extension).Order(StringComparer.Ordinal)];

    // How many lines went, and how many files are not ours to remove: no reason to refuse new letters.
    public (int Lines, int Denied) RemoveOlderThan(DateTimeOffset limit)
    {
        int lines = 0;
        int denied = 0;
        foreach (string file in Named(Extension).Concat(Named(Unreadable)))
        {
            if (WrittenAt(file) >= limit)
            {
                continue;
            }

            if (LetterFile.TryRemove(file) is { } removed)
            {
                lines += removed;
            }
            else
            {
                denied++;
            }
        }

        // What a killed process did not finish was never handed over as safe.
        foreach (string file in Named(Unfinished))
        {
            if (WrittenAt(file) < limit)
            {
                LetterFile.TryDelete(file);
            }
        }

        return (lines, denied);
    }

    private IEnumerable<string> Named(string extension) => Directory.Exists(path) ? Directory.EnumerateFiles(path, "*" + extension) : [];

    private void Create()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            // The mode is that of the last level alone.
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path)) ?? path, OwnerOnly | UnixFileMode.UserExecute);
            Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    // Other processes write, rename and remove files meanwhile. What is gone takes up nothing.
    private long Size()
    {
        long size = 0;
        foreach (FileInfo file in new DirectoryInfo(path).EnumerateFiles())
        {
            try
            {
                size += file.Length;
            }
            catch (Exception exception) when (exception is FileNotFoundException or UnauthorizedAccessException)
            {
            }
        }

        return size;
    }

    // A file that an operator has put there has a name of its own, and no other time than its last change.
    private static DateTimeOffset WrittenAt(string file)
    {
        string name = Path.GetFileName(file);
        int dash = name.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && DateTimeOffset.TryParseExact(
            name[..dash], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset written)
            ? written
            : new DateTimeOffset(File.GetLastWriteTimeUtc(file));
    }
}
