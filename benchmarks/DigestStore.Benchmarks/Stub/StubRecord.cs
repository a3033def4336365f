namespace DigestStore.Benchmarks.Stub;

/// <summary>One record as it came in: the JSON of its attributes, and its size by DynamoDB's rules, roughly.</summary>
internal sealed record StubRecord(string Pk, string Sk, byte[] Json, int Size)
{
    public double WriteUnits => Math.Max(1, Math.Ceiling(Size / 1024.0));
}
