using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using DigestStore.Benchmarks.Children;

namespace DigestStore.Benchmarks.Runs;

/// <summary>A command several times, each time in a process of its own, and what its runs say of each target: one run may be lucky.</summary>
internal static class RepeatedRuns
{
    public const string Option = "--runs";

    // Where a run writes its targets down for the process that repeats it.
    private const string FileVariable = "DIGESTSTORE_BENCHMARK_TARGETS";

    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public static void Tell(IEnumerable<Verdict> verdicts)
    {
        if (Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } file)
        {
            File.WriteAllText(file, JsonSerializer.Serialize(verdicts, Json));
        }
    }

    public static async Task<int> RunAsync(string[] args)
    {
        var arguments = new Arguments(args);
        int option = Array.IndexOf(args, Option);
        string[] once = [.. args[..option], .. args[(option + 2)..]];
        var runs = new List<Verdict[]>();
        bool hasFailed = false;
        for (int run = 0; run < arguments.Number(Option, 1); run++)
        {
            (int exitCode, Verdict[] verdicts) = await OnceAsync(once);
            hasFailed |= exitCode != 0;
            runs.Add(verdicts);
        }

        string mark = $"{args[0]}{(Machine.IsCompiledAhead() ? " compiled ahead" : "")}, {runs.Count} runs";
        var report = new Report();
        report.Line($"### {mark}");
        report.Line();
        Machine.Describe(report, string.Join(' ', args), Machine.IsCompiledAhead() ? Machine.Published : Machine.BuiltAndRun);
        Print(report, runs);
        report.Save(arguments.Text("--out"), $"{args[0]} runs{(Machine.IsCompiledAhead() ? " compiled ahead" : "")}");
        return hasFailed ? 1 : 0;
    }

    private static async Task<(int ExitCode, Verdict[] Verdicts)> OnceAsync(string[] args)
    {
        string file = Path.GetTempFileName();
        try
        {
            ProcessStartInfo start = ChildProcess.Describe(args[0], args[1..]);
            start.RedirectStandardOutput = false;
            start.Environment[FileVariable] = file;
            using Process process = Process.Start(start)!;
            await process.WaitForExitAsync();
            string told = await File.ReadAllTextAsync(file);
            return told.Length > 0
                ? (process.ExitCode, JsonSerializer.Deserialize<Verdict[]>(told, Json)!)
                : throw new InvalidOperationException($"'{string.Join(' ', args)}' has ended with {process.ExitCode} and told no targets. {Option} is for commands that end with a table of targets.");
        }
        finally
        {
            File.Delete(file);
        }
    }

    public static void Print(Report report, IReadOnlyList<Verdict[]> runs)
    {
        report.Table(["target", "bound", .. Enumerable.Range(1, runs.Count).Select(static run => $"run {run}"), "least", "median", "most"]);
        foreach (Verdict verdict in runs[0])
        {
            double?[] measured = [.. runs.Select(run => run.FirstOrDefault(other => other.Target == verdict.Target)?.Measured)];
            double[] known = [.. measured.OfType<double>()];
            if (known.Length > 0)
            {
                report.Row(
                    [verdict.Target, verdict.BoundText, .. measured.Select(value => Text(verdict, value)), verdict.Text(known.Min()), verdict.Text(Median.Of(known, static value => value)), verdict.Text(known.Max())]);
            }
        }
    }

    private static string Text(Verdict verdict, double? value) => verdict.IsMissed(value) ? $"**{verdict.Text(value)}**" : verdict.Text(value);
}
