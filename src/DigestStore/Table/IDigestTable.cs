using DigestStore.Records;

namespace DigestStore.Table;

// The port between the pipeline and the storage. Answers and faults are values; only cancellation throws.
internal interface IDigestTable
{
    Task<PageReply> QueryAsync(PageRequest request, CancellationToken cancellationToken);

    Task<LookupReply> LookupAsync(LookupRequest request, CancellationToken cancellationToken);

    Task<WriteReply> WriteAsync(WriteBatch batch, CancellationToken cancellationToken);

    Task<HeaderReply> UpdateHeaderAsync(HeaderUpdate update, CancellationToken cancellationToken);
}

internal sealed record PageRequest(Partition Partition, string? After, bool Consistent);

internal sealed record LookupRequest(Partition Partition, bool WithHeader, IReadOnlyList<DigestItemId> Ids, bool Consistent);

// Either puts or deletes: the pipeline never mixes them.
internal sealed record WriteBatch(Partition Partition, IReadOnlyList<ItemWrite> Puts, IReadOnlyList<DigestItemId> Deletes);

internal sealed record HeaderUpdate(Partition Partition)
{
    public required string RunId { get; init; }

    public required string CorrelationId { get; init; }

    public required string StoreStatus { get; init; }

    public required string IdRules { get; init; }

    public required DateTimeOffset StoredAt { get; init; }

    public required int OrdinalsUsed { get; init; }

    public required DateTimeOffset? ExpiresAt { get; init; }

    // Only says under which rules ids are made from now on; a run is counted by the update at its end.
    public bool IsMark { get; init; }

    // The header that is there has expired and only waits for DynamoDB to remove it: begin anew instead of adding to it.
    public required bool StartAnew { get; init; }
}
