using DigestStore;

namespace EmailDigest.Output;

/// <summary>What is remembered of a run.</summary>
internal sealed record RunRecord
{
    public required DateTimeOffset Time { get; init; }

    public required string Store { get; init; }

    public required string Status { get; init; }

    public required StoreKind Kind { get; init; }

    public required int Received { get; init; }

    public required double Milliseconds { get; init; }

    public required int Requests { get; init; }

    public required int Retries { get; init; }

    public required int Rejected { get; init; }

    public required int Failed { get; init; }

    public required double Units { get; init; }

    public required string CorrelationId { get; init; }

    public static RunRecord Of(StoreResult result, string store, DateTimeOffset time) => new()
    {
        Time = time,
        Store = store,
        Status = result.Status.ToString(),
        Kind = KindOf(result),
        Received = result.Received,
        Milliseconds = result.Duration.TotalMilliseconds,
        Requests = result.Requests,
        Retries = result.Retries,
        Rejected = result.Rejected,
        Failed = result.Failed,
        Units = result.WriteUnits + result.ReadUnits,
        CorrelationId = result.CorrelationId,
    };

    private static StoreKind KindOf(StoreResult result) => (result.Inserted + result.Updated, result.Unchanged) switch
    {
        (0, 0) => StoreKind.NothingStored,
        (0, _) => StoreKind.Repeated,
        (_, 0) when result.Updated == 0 => StoreKind.First,
        _ => StoreKind.Mixed,
    };
}
