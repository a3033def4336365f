using Microsoft.Win32.SafeHandles;

namespace DigestStore.DeadLetters;

// One letter file that others may be at work on, or that may not be ours.
internal static class LetterFile
{
    // <errno.h>, alike on Linux and macOS.
    private const int NotPermitted = 1;
    private const int NoEntry = 2;
    private const int Interrupted = 4;
    private const int AccessDenied = 13;

    public static EntryKind KindOf(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.LinkTarget is not null)
            {
                return file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo { Exists: true, Length: > 0 } ? EntryKind.Letters : EntryKind.NoLetters;
            }

            if (file.Exists)
            {
                return file.Length > 0 ? EntryKind.Letters : EntryKind.NoLetters;
            }

            return Directory.Exists(path) ? EntryKind.NoLetters : EntryKind.Gone;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return EntryKind.NoLetters;
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
        catch (IOException exception) when (IsGone(exception) || IsTaken(exception))
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
            if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
            {
                // A FileStream by name takes a lock on Unix, whatever its FileShare is.
                return OpenUnlocked(file, out isDenied) is { } handle ? new FileStream(handle, FileAccess.Read) : null;
            }

            return new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (IOException exception) when (IsGone(exception))
        {
        }
        catch (IOException exception) when (IsTaken(exception))
        {
            isDenied = true;
        }
        catch (UnauthorizedAccessException)
        {
            isDenied = true;
        }

        return null;
    }

    private static SafeFileHandle? OpenUnlocked(string file, out bool isDenied)
    {
        SafeFileHandle? handle;
        int error;
        do
        {
            handle = UnixFile.Open(file, out error);
        }
        while (error == Interrupted);

        isDenied = error is NotPermitted or AccessDenied;
        return handle is null && !isDenied && error != NoEntry
            ? throw new IOException($"The dead-letter file {file} cannot be read: error {error} of open(2). Its letters stay in it; replay them when the cause is gone.")
            : handle;
    }

    private static bool IsGone(IOException exception) => exception is FileNotFoundException or DirectoryNotFoundException;

    // Another process has it open or locked: EAGAIN of Linux and of macOS, ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION.
    private static bool IsTaken(IOException exception) =>
        exception.HResult is 11 or 35 or unchecked((int)0x80070020) or unchecked((int)0x80070021);

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
    public static int? TryRemove(string file, CancellationToken cancellationToken)
    {
        try
        {
            using FileStream? claim = Claim(file, out bool isDenied);
            if (claim is null)
            {
                return isDenied ? null : 0;
            }

            int lines = LetterLines.Read(claim, cancellationToken).Count();
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

internal enum EntryKind
{
    // Nothing is there any more.
    Gone,

    // No file with something in it, such as a pipe, a socket, a device, a directory or a broken link. Such things are never opened: that may
    // wait for ever, or never come to an end. Their size is 0.
    NoLetters,

    Letters,
}
