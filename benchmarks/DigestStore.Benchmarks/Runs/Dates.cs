namespace DigestStore.Benchmarks.Runs;

/// <summary>A day that nobody has written to, as often as one is asked for.</summary>
internal sealed class Dates
{
    private int _used;

    public DateOnly Next() => DateOnly.FromDayNumber(700_000 + _used++);
}
