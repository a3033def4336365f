using Microsoft.Win32.SafeHandles;

namespace DigestStore.DeadLetters;

// Opens, claims and removes a letter file. Other processes may work on the same file, and it may belong to another user, so neither case is
// an exception here.
internal static class LetterFile
{
    // These values of <errno.h> are the same on Linux and macOS.
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

    // Opens the file for exclusive use. Returns null if the file is gone, if another process has claimed it, or, with isDenied, if this
    // process may not open it. The operating system releases the lock when the process ends, however it ends.
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

            // Another process deleted the file before the lock was taken, so the handle refers to a file that is gone.
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

    // Opens the file for reading without a lock, so that a replay to which the file belongs can still claim it. Returns null if the file is
    // gone or, with isDenied, if this process cannot read it.
    public static FileStream? Open(string file, out bool isDenied)
    {
        isDenied = false;
        try
        {
            if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
            {
                // On Unix, a FileStream that is opened by name takes a lock, whatever its FileShare is.
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

    // These are the codes of a file that another process has open or locked: EAGAIN of Linux and of macOS, ERROR_SHARING_VIOLATION and
    // ERROR_LOCK_VIOLATION of Windows.
    private static bool IsTaken(IOException exception) =>
        exception.HResult is 11 or 35 or unchecked((int)0x80070020) or unchecked((int)0x80070021);

    // Windows does not delete a file that is open, so there the lock is released first. If another process claims the file in between, its
    // letters are replayed twice, which does no harm.
    public static void DeleteClaimed(FileStream claim)
    {
        if (OperatingSystem.IsWindows())
        {
            claim.Dispose();
        }

        File.Delete(claim.Name);
        claim.Dispose();
    }

    // Returns how many lines were removed with the file: 0 if it is gone or another process has claimed it, null if this process may not
    // remove it.
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
            DeleteClaimed(claim);
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
    // The entry does not exist any more.
    Gone,

    // The entry is an empty file or no file at all, such as a pipe, a socket, a device, a directory or a broken link. Such entries have the
    // size 0. They are never opened, because opening or reading them might never end.
    NoLetters,

    Letters,
}
