using System.Globalization;
using System.Text.Json;
using DigestStore;
using EmailDigest.Email;

namespace EmailDigest.Output;

/// <summary>Says whether it is getting worse: sets a store against those before it, kept as lines of JSON beside the email.</summary>
internal sealed class RunHistory(JobOptions options, Report report, TimeProvider clock)
{
    public const string FileName = "runs.jsonl";

    // How many are kept, and how many of them are the yardstick.
    private const int MaxKept = 200;
    private const int MaxCompared = 20;

    /// <param name="result">This run's.</param>
    /// <param name="store">Where it stored: only runs on the same store are set against each other.</param>
    public void Compare(StoreResult result, string store)
    {
        var run = new RunRecord
        {
            Time = clock.GetUtcNow(),
            Store = store,
            Status = result.Status.ToString(),
            Milliseconds = result.Duration.TotalMilliseconds,
            Requests = result.Requests,
            Retries = result.Retries,
            Rejected = result.Rejected,
            Failed = result.Failed,
            Units = result.WriteUnits + result.ReadUnits,
            CorrelationId = result.CorrelationId,
        };
        string path = Path.Combine(EmailPath.FolderOf(options), FileName);
        try
        {
            string[] lines = File.Exists(path) ? File.ReadAllLines(path) : [];
            RunRecord[] before = [.. lines.Select(Parse).OfType<RunRecord>().Where(earlier => earlier.Store == store).TakeLast(MaxCompared)];
            report.Line(before.Length == 0 ? $"No earlier run to compare with; {path} remembers this one." : Describe(run, before));
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            File.WriteAllLines(path, [.. lines.TakeLast(MaxKept - 1), JsonSerializer.Serialize(run)]);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            report.Line($"This run is not compared with earlier ones: {failure.Message}");
        }
    }

    private static string Describe(RunRecord run, RunRecord[] before)
    {
        int stored = before.Count(earlier => earlier.Status == nameof(StoreStatus.Stored));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Against the median of {Report.Count(before.Length, "run", "runs")} before ({stored} stored): {run.Milliseconds:N0} ms ({Median(before, earlier => earlier.Milliseconds):N0}), {run.Requests} requests ({Median(before, earlier => earlier.Requests):0.#}), {run.Retries} retries ({Median(before, earlier => earlier.Retries):0.#}), {run.Units:0.#} units ({Median(before, earlier => earlier.Units):0.#}), {run.Rejected} rejected ({Median(before, earlier => earlier.Rejected):0.#}), {run.Failed} failed ({Median(before, earlier => earlier.Failed):0.#}).");
    }

    private static double Median(RunRecord[] runs, Func<RunRecord, double> number)
    {
        double[] sorted = [.. runs.Select(number).Order()];
        return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }

    private static RunRecord? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<RunRecord>(line);
        }
        catch (JsonException)
        {
            // A line of another version, or half of one.
            return null;
        }
    }
}
