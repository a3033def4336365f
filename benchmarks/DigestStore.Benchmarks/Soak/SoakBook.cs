using System.Diagnostics.CodeAnalysis;
using DigestStore.Benchmarks.Runs;

namespace DigestStore.Benchmarks.Soak;

/// <summary>How often each operation was called on one server, how long it took, and how often it did what it is for.</summary>
internal sealed class SoakBook(string server)
{
    public static readonly IReadOnlyList<string> Operations = ["store", "store again", "store changed", "stream", "get", "read", "find", "delete", "replay"];

    private readonly Dictionary<string, Entry> _entries = Operations.ToDictionary(static operation => operation, static _ => new Entry());

    /// <summary>Calls of days without an outage, and how many of them succeeded.</summary>
    public (long Calls, long Succeeded) InGoodWeather => (_entries.Values.Sum(static entry => entry.Calls), _entries.Values.Sum(static entry => entry.Succeeded));

    /// <summary>Calls of days that met an outage, and how many of them succeeded.</summary>
    public (long Calls, long Succeeded) InOutages => (_entries.Values.Sum(static entry => entry.InOutages), _entries.Values.Sum(static entry => entry.SucceededInOutages));

    /// <summary>What no operation may end with, whatever the weather; null while there is none.</summary>
    public string? Unexpected { get; private set; }

    /// <summary>Calls <paramref name="operation"/>; its answer says whether it did what it is for, unless its day met an outage.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever a call throws is what a soak looks for.")]
    public async Task CallAsync(string operation, SoakDay day, Func<Task<bool>> call)
    {
        Entry entry = _entries[operation];
        long began = TimeProvider.System.GetTimestamp();
        bool succeeded = false;
        try
        {
            succeeded = await call();
        }
        catch (DigestStoreException)
        {
            // How a read says that it has no answer.
        }
        catch (Exception exception)
        {
            Unexpected ??= $"{operation} on {server}: {exception.GetType().Name}: {exception.Message}";
        }

        if (day.MetOutage)
        {
            Interlocked.Increment(ref entry.InOutages);
            Interlocked.Add(ref entry.SucceededInOutages, succeeded ? 1 : 0);
            return;
        }

        entry.Latency.Add(TimeProvider.System.GetElapsedTime(began));
        Interlocked.Increment(ref entry.Calls);
        Interlocked.Add(ref entry.Succeeded, succeeded ? 1 : 0);
    }

    public void Print(Report report)
    {
        foreach (string operation in Operations)
        {
            Entry entry = _entries[operation];
            report.Row(
                server, operation, $"{entry.Calls}", Report.Number(entry.Latency.Percentile(0.5)), Report.Number(entry.Latency.Percentile(0.95)), Report.Number(entry.Latency.Percentile(0.99)),
                Share(entry.Succeeded, entry.Calls), $"{entry.InOutages}", Share(entry.SucceededInOutages, entry.InOutages));
        }
    }

    private static string Share(long succeeded, long calls) => calls == 0 ? "–" : $"{Report.Number(100.0 * succeeded / calls)} %";

    private sealed class Entry
    {
        public readonly LatencyHistogram Latency = new();
        public long Calls;
        public long Succeeded;
        public long InOutages;
        public long SucceededInOutages;
    }
}
