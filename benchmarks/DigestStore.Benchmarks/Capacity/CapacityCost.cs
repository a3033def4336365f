namespace DigestStore.Benchmarks.Capacity;

/// <summary>What DynamoDB has charged for one store.</summary>
internal sealed record CapacityCost(int Requests, double WriteUnits, double ReadUnits)
{
    // On demand, a write unit costs five times what a read unit costs, in every region.
    private const double ReadsPerWrite = 5;

    /// <summary>In write units.</summary>
    public double Charge => WriteUnits + (ReadUnits / ReadsPerWrite);
}
