using System.Diagnostics;
using DigestStore.Benchmarks.Children;

namespace DigestStore.Benchmarks.Soak;

/// <summary>What this process holds at one moment.</summary>
/// <param name="Handles">Open files, sockets and pipes by their kind, but for the program's own code, which is loaded by and by; empty where /proc does not tell.</param>
internal sealed record ProcessUse(double ResidentMb, double HeapMb, double Threads, IReadOnlyDictionary<string, int> Handles)
{
    private const string Descriptors = "/proc/self/fd";
    private const string Socket = "socket";

    public double AllHandles => Handles.Count == 0 ? double.NaN : Handles.Values.Sum();

    public double Sockets => Handles.Count == 0 ? double.NaN : Handles.GetValueOrDefault(Socket);

    public static ProcessUse Now()
    {
        // Twice, since the first collection only queues what has a finalizer.
        for (int pass = 0; pass < 2; pass++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        using Process self = Process.GetCurrentProcess();
        string[] open = Directory.Exists(Descriptors) ? Directory.GetFileSystemEntries(Descriptors) : [];
        return new ProcessUse(
            self.WorkingSet64 / ProcessMemory.Megabyte, GC.GetTotalMemory(forceFullCollection: true) / ProcessMemory.Megabyte, self.Threads.Count,
            open.Select(Kind).OfType<string>().CountBy(static kind => kind).ToDictionary());
    }

    // Null for code, and for the descriptor of the listing itself, which is closed by the time that it is looked at.
    private static string? Kind(string descriptor)
    {
        try
        {
            // socket:[4711], pipe:[4711], anon_inode:[eventpoll], or a path
            string? target = new FileInfo(descriptor).LinkTarget;
            return target switch
            {
                null => null,
                ['/', ..] => target.EndsWith(".dll", StringComparison.Ordinal) || target.EndsWith(".so", StringComparison.Ordinal) ? null : target,
                _ when target.StartsWith("anon_inode", StringComparison.Ordinal) => target,
                _ => target.Split(':')[0],
            };
        }
        catch (IOException)
        {
            return null;
        }
    }
}
