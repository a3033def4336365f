using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DigestStore.DeadLetters;

// The letter files of one table. A file is written once and never changed. Its name starts with the time of writing, so sorting by name
// sorts by age.
internal sealed class LetterDirectory(string path)
{
    private const string Extension = ".jsonl";
    private const string Unreadable = ".unreadable";
    private const string Unfinished = ".tmp";
    private const string TimeFormat = "yyyyMMdd'T'HHmmssfff'Z'";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static string DirectoryNameOf(string table) =>
        string.Concat(table.Select(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' ? character : '_'));

    public async Task WriteAsync(IReadOnlyList<DeadLetter> letters, long maxBytes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using MemoryStream content = ContentOf(letters);
        Create();
        if (Size() + content.Length > maxBytes)
        {
            throw new IOException($"{letters.Count} dead letters need {content.Length} bytes and would exceed the cap of {maxBytes} bytes. Replay the letters that are there, or raise MaxBytes.");
        }

        await WriteAsync(path, now, Extension, file => content.CopyToAsync(file, cancellationToken)).ConfigureAwait(false);
    }

    // Writes the letters that remain after a replay to a new file: unchanged lines byte for byte, and letters that have changed. The new
    // file keeps the time of the old one, so that a replay does not extend the life of a letter. MaxBytes is not checked, because the new
    // file replaces one that was counted already.
    public static Task<string> RewriteAsync(FileStream claim, IReadOnlyList<LetterLine> lines, IReadOnlyList<DeadLetter> letters) =>
        WriteAsync(Path.GetDirectoryName(claim.Name)!, WrittenAt(claim.Name), Extension, async file =>
        {
            await CopyAsync(claim, lines, file).ConfigureAwait(false);
            using MemoryStream changed = ContentOf(letters);
            await changed.CopyToAsync(file).ConfigureAwait(false);
        });

    // Writes the lines that are no letters to a file of their own. It keeps the time of the old file and is readable by its owner only,
    // because such lines expire like letters and can contain the same secrets.
    public static Task<string> WriteUnreadableAsync(FileStream claim, IReadOnlyList<LetterLine> lines) =>
        WriteAsync(Path.GetDirectoryName(claim.Name)!, WrittenAt(claim.Name), Unreadable, file => CopyAsync(claim, lines, file));

    private static async Task CopyAsync(FileStream claim, IReadOnlyList<LetterLine> lines, FileStream file)
    {
        byte[] buffer = new byte[64 * 1024];
        foreach (LetterLine line in lines)
        {
            claim.Position = line.Offset;
            for (long left = line.Length; left > 0;)
            {
                int read = await claim.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length))).ConfigureAwait(false);
                if (read == 0)
                {
                    throw new EndOfStreamException($"The dead-letter file {claim.Name} became shorter while it was replayed. Let nothing else write to it.");
                }

                await file.WriteAsync(buffer.AsMemory(0, read)).ConfigureAwait(false);
                left -= read;
            }

            file.WriteByte((byte)'\n');
        }
    }

    private static MemoryStream ContentOf(IReadOnlyList<DeadLetter> letters)
    {
        var content = new MemoryStream();
        foreach (DeadLetter letter in letters)
        {
            content.Write(LetterJson.Write(letter));
            content.WriteByte((byte)'\n');
        }

        content.Position = 0;
        return content;
    }

    private static async Task<string> WriteAsync(string path, DateTimeOffset time, string extension, Func<FileStream, Task> write)
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
                await write(file).ConfigureAwait(false);
                file.Flush(flushToDisk: true);
            }

            string finished = Path.Combine(path, name + extension);
            File.Move(unfinished, finished);
            return finished;
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    // Writes a small file and deletes it, so that the caller sees the exception that a real write would throw. The directory is kept.
    public void VerifyWritable()
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

    // Returns the files that can hold letters, the oldest first. A file that another process is still writing has a different extension and
    // is not listed. Entries that are named like letter files but cannot hold letters are returned in notFiles.
    public IReadOnlyList<string> Files(out IReadOnlyList<string> notFiles)
    {
        var files = new List<string>();
        var others = new List<string>();
        foreach (string file in EntriesNamed(Extension))
        {
            EntryKind kind = LetterFile.KindOf(file);
            if (kind == EntryKind.Letters)
            {
                files.Add(file);
            }
            else if (kind == EntryKind.NoLetters)
            {
                others.Add(file);
            }
        }

        notFiles = others;
        files.Sort(StringComparer.Ordinal);
        return files;
    }

    // Returns how many lines were removed, and how many files this process may not remove. Such files cause no exception, because they are
    // no reason to refuse new letters.
    public (int Lines, int Denied) RemoveOlderThan(DateTimeOffset limit, CancellationToken cancellationToken)
    {
        int lines = 0;
        int denied = 0;
        foreach (string file in EntriesNamed(Extension).Concat(EntriesNamed(Unreadable)))
        {
            if (WrittenAt(file) >= limit || LetterFile.KindOf(file) != EntryKind.Letters)
            {
                continue;
            }

            if (LetterFile.TryRemove(file, cancellationToken) is { } removed)
            {
                lines += removed;
            }
            else
            {
                denied++;
            }
        }

        // An unfinished file was left by a process that was killed while it wrote. No store call has reported its letters as kept, so it
        // can be deleted.
        foreach (string file in EntriesNamed(Unfinished))
        {
            if (WrittenAt(file) < limit)
            {
                LetterFile.TryDelete(file);
            }
        }

        return (lines, denied);
    }

    private IEnumerable<string> EntriesNamed(string extension) => Directory.Exists(path) ? Directory.EnumerateFileSystemEntries(path, "*" + extension) : [];

    private void Create()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            // CreateDirectory applies the mode only to the last directory of a path, so the parent is created first.
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path)) ?? path, OwnerOnly | UnixFileMode.UserExecute);
            Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    // Other processes may rename or remove files while they are counted. A file that is gone takes up no space.
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

    // Returns the time in the file's name. A file that an operator has put there has another name, so the time of its last change is used.
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
