namespace DigestStore.Benchmarks.Sqlite;

/// <summary>What a child has to say of one store.</summary>
internal sealed record WriteRecord(int Failed, int Retries);
