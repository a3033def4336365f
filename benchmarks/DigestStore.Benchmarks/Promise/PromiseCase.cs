using Amazon.DynamoDBv2;
using DigestStore.Benchmarks.Children;
using DigestStore.Benchmarks.Runs;

namespace DigestStore.Benchmarks.Promise;

/// <summary>One size of day on one server, several times; a promise is judged by the worst run.</summary>
internal sealed class PromiseCase(string server, int items, Verdicts verdicts, int maxFailed)
{
    public const int LimitMb = 512;

    private const int MaxSeconds = 30;
    private const double MinSaving = 0.75;

    // Hexadecimal, as the runtime reads it.
    private static readonly (string, string) HeapLimit = ("DOTNET_GCHeapHardLimit", $"{LimitMb << 20:X}");

    private double _seconds;
    private double _peakMb;
    private double _saving = 1;
    private double _untold;
    private double _failed;

    /// <summary>Runs once; <paramref name="sent"/> tells how many requests the server has seen, if it counts them.</summary>
    public async Task RunAsync(Report report, Uri url, IAmazonDynamoDB client, string table, DateOnly date, Func<Task<int?>> sent)
    {
        (PromiseRecord run, TimeSpan after) = await ChildProcess.RunAsync<PromiseRecord>(PromiseChild.Verb, PromiseChild.Arguments(url, table, date, items), HeapLimit);
        if (run.HeapLimitBytes != LimitMb << 20)
        {
            throw new InvalidOperationException($"The runtime has taken {run.HeapLimitBytes} bytes for its heap limit, not {LimitMb} MB.");
        }

        int requests = await sent() ?? run.Requests;
        int missing = await StoredDay.CountMissingAsync(client, table, date, items);
        double saving = 1 - ((double)requests / items);
        report.Row(
            server, $"{items}", run.FirstReason is null ? run.Status : $"{run.Status}: {run.Failed} {run.FirstReason}", $"{items - missing}", Report.Number(run.StoreSeconds), Report.Number(after.TotalSeconds), Report.Number(run.PeakBytes / ProcessMemory.Megabyte),
            $"{requests}", $"{run.Retries}", $"{Report.Number(100 * saving)} %");
        _seconds = Math.Max(_seconds, after.TotalSeconds);
        _peakMb = Math.Max(_peakMb, run.PeakBytes / ProcessMemory.Megabyte);
        _saving = Math.Min(_saving, saving);
        _untold = Math.Max(_untold, Math.Abs(missing - run.Failed));
        _failed = Math.Max(_failed, run.Failed);
    }

    public void Judge()
    {
        string what = $"{items} items, {server}";
        verdicts.AtMost($"{what}: from the start of the process", _seconds, MaxSeconds, " s");
        verdicts.AtMost($"{what}: peak resident size", _peakMb, LimitMb, " MB");
        verdicts.AtLeast($"{what}: requests saved against one per item", 100 * _saving, 100 * MinSaving, " %");
        verdicts.AtMost($"{what}: items whose outcome the table contradicts", _untold, 0);
        verdicts.AtMost($"{what}: items reported as failed", _failed, maxFailed);
    }
}
