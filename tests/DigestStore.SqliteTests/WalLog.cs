using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace DigestStore.SqliteTests;

// SQLite's write-ahead log, read as its format says: https://www.sqlite.org/fileformat2.html#the_write_ahead_log
internal static class WalLog
{
    private const int HeaderBytes = 32;
    private const int FrameHeaderBytes = 24;

    // How many transactions the log has: the last frame of each tells the size of the file after it.
    public static int Commits(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] log = new byte[stream.Length];
        stream.ReadExactly(log);
        if (log.Length < HeaderBytes)
        {
            return 0;
        }

        int pageBytes = (int)BinaryPrimitives.ReadUInt32BigEndian(log.AsSpan(8));
        ReadOnlySpan<byte> salt = log.AsSpan(16, 8);
        int commits = 0;
        for (int offset = HeaderBytes; offset + FrameHeaderBytes + pageBytes <= log.Length; offset += FrameHeaderBytes + pageBytes)
        {
            // A frame of an earlier round of the log has another salt.
            if (log.AsSpan(offset + 8, 8).SequenceEqual(salt) && BinaryPrimitives.ReadUInt32BigEndian(log.AsSpan(offset + 4)) != 0)
            {
                commits++;
            }
        }

        return commits;
    }

    // From now on this process writes to the device in place of the log.
    public static void Redirect(string path, string device, FileAccess access)
    {
        using FileStream other = new(device, FileMode.Open, access, FileShare.ReadWrite);
        int from = (int)other.SafeFileHandle.DangerousGetHandle();
        foreach (string descriptor in Directory.GetFileSystemEntries("/proc/self/fd"))
        {
            if (TargetOf(descriptor) == path)
            {
                Assert.NotEqual(-1, DuplicateDescriptor(from, int.Parse(Path.GetFileName(descriptor), CultureInfo.InvariantCulture)));
            }
        }
    }

    private static string? TargetOf(string descriptor)
    {
        try
        {
            return File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.FullName;
        }
        catch (IOException)
        {
            // It was closed meanwhile, as that of this enumeration itself.
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static extern int DuplicateDescriptor(int from, int to);
}
