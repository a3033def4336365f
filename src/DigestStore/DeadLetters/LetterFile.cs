using Microsoft.Win32.SafeHandles;

namespace DigestStore.DeadLetters;

// One letter file that others may be at work on, or that may not be ours.
internal static class LetterFile
{
    private const int NotPermitted = 1;
    private const int AccessDenied = 13;

    // Null: nothing is there any more. False: no file with something in it, such as a pipe, a socket, a device, a directory or a broken link.
    // Such things are never opened: that may wait for ever, or never come to an end. Their size is 0.
    public static bool? HasContent(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.LinkTarget is not null)
            {
                return file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo { Exists: true, Length: > 0 };
            }

            return file.Exists ? file.Length > 0 : Directory.Exists(path) ? false : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

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

    // To look into it without keeping a replay that it belongs to from claiming it. Null where it is gone or may not be read.
    public static FileStream? Open(string file, out bool isDenied)
    {
        isDenied = false;
        try
        {
            if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
            {
                return new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            }

            // A FileStream by name takes a lock on Unix, whatever its FileShare is.
            SafeFileHandle? handle = UnixFile.Open(file, out int error);
            isDenied = error is NotPermitted or AccessDenied;
            return handle is null ? null : new FileStream(handle, FileAccess.Read);
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

            int lines = LetterLines.Read(claim, CancellationToken.None).Count();
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
