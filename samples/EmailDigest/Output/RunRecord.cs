namespace EmailDigest.Output;

/// <summary>What is remembered of a run.</summary>
internal sealed record RunRecord
{
    public required DateTimeOffset Time { get; init; }

    public required string Store { get; init; }

    public required string Status { get; init; }

    public required double Milliseconds { get; init; }

    public required int Requests { get; init; }

    public required int Retries { get; init; }

    public required int Rejected { get; init; }

    public required int Failed { get; init; }

    public required double Units { get; init; }

    public required string CorrelationId { get; init; }
}
