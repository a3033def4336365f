namespace DigestStore.Benchmarks.Children;

internal static class Median
{
    public static double Of<T>(IReadOnlyCollection<T> runs, Func<T, double> value)
    {
        double[] sorted = [.. runs.Select(value).Order()];
        return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }
}
