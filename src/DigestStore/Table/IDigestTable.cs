using DigestStore.Records;

namespace DigestStore.Table;

// The port between the pipeline and the storage. Answers and faults are values; only cancellation throws.
internal interface IDigestTable
{
    Task<PageReply> QueryAsync(PageRequest request, CancellationToken cancellationToken);

    Task<LookupReply> LookupAsync(LookupRequest request, CancellationToken cancellationToken);

    Task<WriteReply> WriteAsync(WriteBatch batch, CancellationToken cancellationToken);

    Task<UpdateReply> UpdateAsync(RecordUpdate update, CancellationToken cancellationToken);
}

// Up to 100 keys of any partitions of one table, each once.
internal sealed record LookupRequest(string Table, IReadOnlyList<RecordKey> Keys, bool Consistent);

// Either puts or deletes: the pipeline never mixes them.
internal sealed record WriteBatch(Partition Partition, IReadOnlyList<ItemWrite> Puts, IReadOnlyList<DigestItemId> Deletes);
