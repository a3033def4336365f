using System.Diagnostics;
using System.Globalization;

namespace DigestStore.Benchmarks.Children;

/// <summary>The most physical memory that this process has had so far, the runtime and everything else included.</summary>
internal static class ProcessMemory
{
    public const double Megabyte = 1024 * 1024;

    private const string Status = "/proc/self/status";
    private const string Peak = "VmHWM:";

    public static long PeakBytes()
    {
        if (!File.Exists(Status))
        {
            using Process self = Process.GetCurrentProcess();
            return self.PeakWorkingSet64;
        }

        string line = File.ReadLines(Status).First(line => line.StartsWith(Peak, StringComparison.Ordinal));
        return 1024 * long.Parse(line[Peak.Length..^"kB".Length], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
    }
}
