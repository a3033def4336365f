using DigestStore.Benchmarks.Stub;

namespace DigestStore.Benchmarks.Runs;

/// <summary>Measures work, several operations at once so that short ones can be told from the clock's grain. Without a stub, no requests are counted.</summary>
internal static class Meter
{
    public static async Task<Cost> MeasureAsync(StubProcess? stub, IReadOnlyList<Func<Task>> operations)
    {
        await TakeCountersAsync(stub);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = TimeProvider.System.GetTimestamp();
        foreach (Func<Task> operation in operations)
        {
            await operation();
        }

        TimeSpan wall = TimeProvider.System.GetElapsedTime(start);
        cpu = Environment.CpuUsage.TotalTime - cpu;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        StubCounters counters = await TakeCountersAsync(stub);
        double times = operations.Count;
        return new Cost(
            wall.TotalMilliseconds / times, cpu.TotalMilliseconds / times, allocated / times, counters.Requests / times, counters.Trips / times, counters.BytesIn / times, counters.BytesOut / times);
    }

    private static Task<StubCounters> TakeCountersAsync(StubProcess? stub) => stub?.TakeCountersAsync() ?? Task.FromResult(new StubCounters());
}
