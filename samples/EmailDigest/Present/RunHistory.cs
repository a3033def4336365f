using System.Text.Json;

namespace EmailDigest.Present;

/// <summary>Says whether it is getting worse: sets a store against those before it, kept as lines of JSON beside the email.</summary>
internal sealed class RunHistory(JobOptions options, Report report, TimeProvider clock)
{
    public const string FileName = "runs.jsonl";
    private const int MaxKept = 200;

    public void Compare(StoreResult result, StoreChoice choice)
    {
        if (result.Received == 0 || result.Status == StoreStatus.Disabled)
        {
            report.Line("Nothing was handed to a database, so this run is not compared with earlier ones.");
            return;
        }

        RunRecord run = RunRecord.Of(result, choice.Description, clock.GetUtcNow());
        string path = Path.Combine(DigestEmail.FolderFor(options), FileName);
        try
        {
            string[] lines = File.Exists(path) ? File.ReadAllLines(path) : [];
            string verdict = RunVerdict.Of(run, lines.Select(Parse).OfType<RunRecord>());
            if (choice.Fault is { } fault)
            {
                // A yardstick with faults in it would call them usual.
                report.Line($"{verdict} With --fault {Faults.NameOf(fault)} this run is not remembered.");
                return;
            }

            report.Line(lines.Length == 0 ? $"{verdict} {path} remembers this run." : verdict);
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            File.WriteAllLines(path, [.. lines.TakeLast(MaxKept - 1), JsonSerializer.Serialize(run)]);
        }
        catch (Exception failure)
        {
            report.Line($"This run is not compared with earlier ones: {failure.Message}");
        }
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
