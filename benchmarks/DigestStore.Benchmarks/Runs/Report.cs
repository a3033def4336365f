using System.Globalization;
using System.Text;
using DigestStore.Benchmarks.Stub;

namespace DigestStore.Benchmarks.Runs;

/// <summary>Markdown on the console as it comes to be, and in a file at the end.</summary>
internal sealed class Report
{
    private readonly StringBuilder _text = new();

    public string Text => _text.ToString();

    public void Line(FormattableString? line = null)
    {
        string text = line is null ? "" : FormattableString.Invariant(line);
        Console.WriteLine(text);
        _text.Append(text).Append('\n');
    }

    public void Table(params string[] columns)
    {
        Row(columns);
        Row([.. columns.Select(static (_, index) => index == 0 ? "---" : "--:")]);
    }

    public void Row(params string[] cells) => Line($"| {string.Join(" | ", cells)} |");

    /// <summary>What the stub's delay was in truth, where it was asked for one.</summary>
    public void Delays(int latency, StubDelays delays)
    {
        if (latency > 0)
        {
            Line($"Delay of an answer: {latency} ms asked for, {delays.MedianMs:0.00} ms measured (median), {delays.Percentile99Ms:0.00} ms (99th percentile of {delays.Count:N0}).");
            Line();
        }
    }

    /// <summary>Into a file, in place of what stands there between this report's marks, or at its end.</summary>
    public void Save(string? file, string mark)
    {
        if (file is null)
        {
            return;
        }

        string begin = $"<!-- begin {mark} -->\n";
        string end = $"<!-- end {mark} -->\n";
        string there = File.Exists(file) ? File.ReadAllText(file) : "";
        int from = there.IndexOf(begin, StringComparison.Ordinal);
        int to = there.IndexOf(end, StringComparison.Ordinal);
        string section = $"{begin}{_text.ToString().TrimEnd('\n')}\n{end}";
        File.WriteAllText(file, from >= 0 && to > from ? there[..from] + section + there[(to + end.Length)..] : $"{there}\n{section}");
    }

    public static string Number(double value) => value switch
    {
        >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00", CultureInfo.InvariantCulture),
    };

    public static string Ratio(double? value, double? to) => value is null || to is null or 0 ? "–" : Number(value.Value / to.Value) + "×";
}
