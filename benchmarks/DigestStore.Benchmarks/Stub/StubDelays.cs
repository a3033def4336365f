namespace DigestStore.Benchmarks.Stub;

/// <summary>How long answers were delayed in truth: from the last byte of the request to the first of the answer.</summary>
internal sealed record StubDelays(int Count, double MedianMs, double Percentile99Ms)
{
    public static StubDelays Of(List<double> milliseconds)
    {
        milliseconds.Sort();
        return milliseconds.Count == 0 ? new StubDelays(0, 0, 0) : new StubDelays(milliseconds.Count, At(0.5), At(0.99));

        double At(double share) => milliseconds[(int)(share * (milliseconds.Count - 1))];
    }
}
