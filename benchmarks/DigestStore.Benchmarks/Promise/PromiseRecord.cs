namespace DigestStore.Benchmarks.Promise;

/// <summary>What a child has to say of its one store.</summary>
internal sealed record PromiseRecord(double StoreSeconds, long PeakBytes, long HeapLimitBytes, int Requests, int Retries, string Status, int Failed, string? FirstReason);
