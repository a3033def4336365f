using System.Text;

namespace DigestStore.DeadLetters;

// One letter file that others may be at work on, or that may not be ours.
internal static class LetterFile
{
    // An exclusive handle, or null while another process has it, and where this one may not have it. The lock goes with the process,
    // however it ends.
    public static FileStream? Claim(string file, out bool isDenied)
    {
        isDenied = false;
        try
        {
            var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            if (File.Exists(file))
            {
                return stream;
            }

            // Another process finished with it between the listing and the lock.
            stream.Dispose();
        }
        catch (IOException)
        {
        }
        catch (UnauthorizedAccessException)
        {
            isDenied = true;
        }

        return null;
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

    // How many lines went with it: none while another process has it, null where this one may not.
    public static int? TryRemove(string file)
    {
        try
        {
            using FileStream? claim = Claim(file, out bool isDenied);
            if (claim is null)
            {
                return isDenied ? null : 0;
            }

            int lines = ReadLines(claim).Count;
            Finish(claim);
            return lines;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static void TryDelete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }
}
