using Amazon.DynamoDBv2.Model;
using DigestStore.LocalTable;
using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.Sqlite;

// Implements IDigestTable with a file. Reads block the thread that they are called on, and the library calls a table on a thread of its own
// for each request. Writes wait for the thread of the file that writes.
internal sealed class SqliteTable(Func<SqliteFile> file, TimeSpan attemptTimeout) : IDigestTable
{
    // The rest of the time of an attempt is for the work itself, so that the answer "busy" comes before the attempt is given up.
    private const double ShareOfWaiting = 0.75;
    private const long TypicalUpdateBytes = 2048;

    // Of a row or a deletion, with the objects that hold it.
    private const long BytesOfKey = 512;

    private readonly TimeSpan _patience = attemptTimeout * ShareOfWaiting;

    public bool WritesTogether => true;

    public async Task<PageReply> QueryAsync(PageRequest request, Attempt attempt) => ReadRules.Check(request) is { } refusal
        ? new PageReply { Fault = refusal }
        : await file().Readers.ReadAsync(
            (database, token) => RecordReader.Query(database, request, token),
            static fault => new PageReply { Fault = fault },
            _patience,
            attempt.Token).ConfigureAwait(false);

    public async Task<LookupReply> LookupAsync(LookupRequest request, Attempt attempt)
    {
        LookupReply Failed(TableFault fault) => new() { KeyCount = request.Keys.Count, Fault = fault };
        return ReadRules.Check(request) is { } refusal
            ? Failed(refusal)
            : await file().Readers.ReadAsync((database, token) => RecordReader.Lookup(database, request, token), Failed, _patience, attempt.Token).ConfigureAwait(false);
    }

    public async Task<WriteReply> WriteAsync(WriteBatch batch, Attempt attempt)
    {
        WriteReply Failed(TableFault fault) => new() { Sent = batch.Puts.Count + batch.Deletes.Count, Fault = fault };
        var shared = new SharedValues(batch.Partition);
        List<Dictionary<string, AttributeValue>> puts = [.. batch.Puts.Select(put => ItemMapper.ToAttributes(put, shared))];
        int[] sizes = [.. puts.Select(AttributeSize.Of)];
        if (WriteRules.Check(batch, puts, sizes) is { } refusal)
        {
            return Failed(refusal);
        }

        // The rows are made here, since the thread that writes has enough to do.
        string table = batch.Partition.Table;
        List<RecordRow> rows = [.. puts.Zip(sizes, RecordRow.Of)];
        List<RecordKey> deletes = [.. batch.Deletes.Select(id => new RecordKey(batch.Partition.Key, RecordKeys.Item(id)))];
        long bytes = rows.Sum(static row => row.Body.Length + BytesOfKey) + (deletes.Count * BytesOfKey);
        return await SubmitAsync(attempt, bytes, records => records.Write(table, rows, deletes), Failed).ConfigureAwait(false);
    }

    public Task<UpdateReply> UpdateAsync(RecordUpdate update, Attempt attempt) =>
        SubmitAsync(attempt, BytesOf(update), records => records.Update(update), static fault => new UpdateReply { Fault = fault });

    // The ids of a manifest are long, and so is what a copy sets. What else an update sets is bounded.
    private static long BytesOf(RecordUpdate update) => TypicalUpdateBytes + update.Changes.Sum(static change => change switch
    {
        AttributeChange.SetBytes set => set.Bytes.Length,
        AttributeChange.SetValue set => (long)AttributeSize.Of(set.Value),
        _ => 0,
    });

    private Task<T> SubmitAsync<T>(Attempt attempt, long bytes, Func<RecordWriter, T> apply, Func<TableFault, T> failed)
        where T : TableReply => file().Writer.SubmitAsync(new WriteEntry<T>(attempt, bytes, _patience, apply, failed), attempt);
}
