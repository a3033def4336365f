using System.Runtime.InteropServices;

namespace DigestStore.Benchmarks.Deadline;

/// <summary>
/// The CPU time of the thread that asks: what its own work took, without pauses of the collector and without what other processes take
/// away. Of Linux; elsewhere it does not grow.
/// </summary>
internal static partial class ThreadTime
{
    // <time.h>
    private const int OfThread = 3;

    public static TimeSpan Now =>
        OperatingSystem.IsLinux() && GetTime(OfThread, out TimeValue time) == 0
            ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0)
            : TimeSpan.Zero;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeValue time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeValue
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }
}
