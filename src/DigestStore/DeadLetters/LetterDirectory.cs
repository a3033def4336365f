using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DigestStore.DeadLetters;

// The letter files of one table. A file is written once and never changed; its name starts with the time, so names sort by age.
internal sealed class LetterDirectory(string path)
{
    private const string Extension = ".jsonl";
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

        await WriteAsync(path, now.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture), content, cancellationToken).ConfigureAwait(false);
    }

    // What is left of a file that is being replayed: as old as the file, and no more for the caps than that was.
    public static async Task RewriteAsync(FileStream claim, IReadOnlyList<DeadLetter> letters)
    {
        using MemoryStream content = ContentOf(letters);
        string file = Path.GetFileName(claim.Name);
        await WriteAsync(Path.GetDirectoryName(claim.Name)!, file[..file.IndexOf('-', StringComparison.Ordinal)], content, CancellationToken.None).ConfigureAwait(false);
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

    private static async Task WriteAsync(string path, string time, MemoryStream content, CancellationToken cancellationToken)
    {
        string name = time + "-" + RandomNumberGenerator.GetHexString(16, lowercase: true);
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

            File.Move(unfinished, Path.Combine(path, name + Extension));
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
    public IReadOnlyList<string> Files() =>
        Directory.Exists(path) ? [.. Directory.EnumerateFiles(path, "*" + Extension).Order(StringComparer.Ordinal)] : [];

    public int RemoveOlderThan(DateTimeOffset limit)
    {
        int letters = 0;
        foreach (string file in Files())
        {
            if (WrittenAt(file) is { } written && written < limit && Claim(file) is { } claim)
            {
                letters += ReadLines(claim).Count;
                Finish(claim);
            }
        }

        // What a killed process did not finish was never handed over as safe.
        foreach (string file in Directory.Exists(path) ? Directory.EnumerateFiles(path, "*" + Unfinished) : [])
        {
            if (WrittenAt(file) < limit)
            {
                File.Delete(file);
            }
        }

        return letters;
    }

    // Removes a claimed file. Where the system deletes no open files the lock goes first; a second replay of a letter does no harm.
    public static void Finish(FileStream claim)
    {
        if (OperatingSystem.IsWindows())
        {
            claim.Dispose();
        }

        File.Delete(claim.Name);
        claim.Dispose();
    }

    // An exclusive handle, or null while another process has it. The lock goes with the process, however it ends.
    public static FileStream? Claim(string file)
    {
        try
        {
            var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            if (File.Exists(file))
            {
                return stream;
            }

            // Another process finished with it between the listing and the lock.
            stream.Dispose();
            return null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    public static List<string> ReadLines(FileStream claim)
    {
        claim.Position = 0;
        using var reader = new StreamReader(claim, Encoding.UTF8, leaveOpen: true);
        var lines = new List<string>();
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0)
            {
                lines.Add(line);
            }
        }

        return lines;
    }

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

    private long Size() => new DirectoryInfo(path).EnumerateFiles().Sum(file => file.Length);

    private static DateTimeOffset? WrittenAt(string file)
    {
        string name = Path.GetFileName(file);
        int dash = name.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && DateTimeOffset.TryParseExact(
            name[..dash], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset written)
            ? written
            : null;
    }
}
