using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace DigestStore.DeadLetters;

// Opens a file for reading without a lock. .NET's own methods always take a lock on Unix.
internal static class UnixFile
{
    // The flags are O_RDONLY | O_NONBLOCK | O_CLOEXEC of <fcntl.h>. O_NONBLOCK is set because opening a pipe would block, and a pipe may
    // have taken the file's place.
    private const int LinuxFlags = 0x800 | 0x80000;
    private const int MacFlags = 0x4 | 0x1000000;

    public static SafeFileHandle? Open(string path, out int error)
    {
        int descriptor = Open(Encoding.UTF8.GetBytes(path + '\0'), OperatingSystem.IsMacOS() ? MacFlags : LinuxFlags);
        error = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);
}
