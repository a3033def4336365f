using System.Globalization;
using DigestStore.Benchmarks.Runs;

namespace DigestStore.Benchmarks.Children;

/// <summary>One target. Without a bound, it is only told.</summary>
internal sealed record Verdict(string Target, double? Measured, string Sign, double? Bound, string Unit)
{
    public const string Most = "≤";
    public const string Least = "≥";

    private const string None = "–";

    public string BoundText => Bound is null ? None : $"{Sign} {Text(Bound)}";

    public string Word => Bound is null || Measured is null ? None : IsMissed(Measured) ? "MISS" : "PASS";

    // A value that is no number meets nothing.
    public bool IsMissed(double? measured) => measured is not null && Bound is not null && !(Sign == Most ? measured <= Bound : measured >= Bound);

    // More digits than the tables, so that no verdict looks wrong.
    public string Text(double? value) => value switch
    {
        null => None,
        < 10 when value != Math.Round(value.Value) => value.Value.ToString("0.000", CultureInfo.InvariantCulture) + Unit,
        < 1_000 when value != Math.Round(value.Value) => value.Value.ToString("0.0", CultureInfo.InvariantCulture) + Unit,
        _ => value.Value.ToString("N0", CultureInfo.InvariantCulture) + Unit,
    };
}
