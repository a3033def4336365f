using DigestStore.Records;

namespace DigestStore.Table;

// The port: the interface between the library's logic and the storage, which is DynamoDB or memory. A fault is returned as a value, so that
// the caller can decide about a retry. The methods throw only when the token of the attempt is canceled.
internal interface IDigestTable
{
    // What is asked to be written at the same time is written together, and the table waits for its disk once. A store then sends all that it
    // has at once.
    bool WritesTogether => false;

    Task<PageReply> QueryAsync(PageRequest request, Attempt attempt);

    Task<LookupReply> LookupAsync(LookupRequest request, Attempt attempt);

    Task<WriteReply> WriteAsync(WriteBatch batch, Attempt attempt);

    Task<UpdateReply> UpdateAsync(RecordUpdate update, Attempt attempt);
}

// Looks up at most 100 keys of one table, which may be of different partitions. DynamoDB refuses a key that is given twice.
internal sealed record LookupRequest(string Table, IReadOnlyList<RecordKey> Keys, bool Consistent)
{
    public static LookupRequest OfHeader(Partition day, bool consistent) => new(day.Table, [day.HeaderKey], consistent);
}

// A batch holds either puts or deletes, because the library never mixes them.
internal sealed record WriteBatch(Partition Partition, IReadOnlyList<ItemPut> Puts, IReadOnlyList<DigestItemId> Deletes)
{
    public IReadOnlyList<DigestItemId> Ids => [.. Puts.Select(static put => put.Id), .. Deletes];

    // The writes of these items.
    public WriteBatch Only(IReadOnlyList<DigestItemId> ids) => this with { Puts = [.. Puts.Where(put => ids.Contains(put.Id))], Deletes = [.. Deletes.Where(ids.Contains)] };
}
