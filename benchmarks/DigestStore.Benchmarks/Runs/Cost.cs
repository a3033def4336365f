namespace DigestStore.Benchmarks.Runs;

/// <summary>What one operation has cost: this process's time and memory, and what the stub has counted.</summary>
internal sealed record Cost(double WallMs, double CpuMs, double Allocated, double Requests, double Trips, double BytesSent, double BytesReceived)
{
    public static Cost Median(IReadOnlyList<Cost> costs) => new(
        Median(costs, static cost => cost.WallMs),
        Median(costs, static cost => cost.CpuMs),
        Median(costs, static cost => cost.Allocated),
        Median(costs, static cost => cost.Requests),
        Median(costs, static cost => cost.Trips),
        Median(costs, static cost => cost.BytesSent),
        Median(costs, static cost => cost.BytesReceived));

    private static double Median(IReadOnlyList<Cost> costs, Func<Cost, double> of)
    {
        double[] sorted = [.. costs.Select(of).Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
