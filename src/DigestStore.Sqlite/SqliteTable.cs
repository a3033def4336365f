using Amazon.DynamoDBv2.Model;
using DigestStore.LocalTable;
using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.Sqlite;

// Implements IDigestTable with a file. It has no LINQ over structures and no async methods, because a new process has to compile those itself,
// also in a program that was compiled ahead of time. Reads block the thread that they are called on, and the library calls a table on a thread of its own
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

    public Task<PageReply> QueryAsync(PageRequest request, Attempt attempt) => ReadRules.Check(request) is { } refusal
        ? Task.FromResult(new PageReply { Fault = refusal })
        : file().Readers.ReadAsync(
            (database, token) => RecordReader.Query(database, request, token),
            static fault => new PageReply { Fault = fault },
            _patience,
            attempt.Token);

    public Task<LookupReply> LookupAsync(LookupRequest request, Attempt attempt)
    {
        LookupReply Failed(TableFault fault) => new() { KeyCount = request.Keys.Count, Fault = fault };
        return ReadRules.Check(request) is { } refusal
            ? Task.FromResult(Failed(refusal))
            : file().Readers.ReadAsync((database, token) => RecordReader.Lookup(database, request, token), Failed, _patience, attempt.Token);
    }

    public Task<WriteReply> WriteAsync(WriteBatch batch, Attempt attempt)
    {
        WriteReply Failed(TableFault fault) => new() { Sent = batch.Puts.Count + batch.Deletes.Count, Fault = fault };
        var shared = new SharedValues(batch.Partition);
        var puts = new Dictionary<string, AttributeValue>[batch.Puts.Count];
        int[] sizes = new int[puts.Length];
        for (int index = 0; index < puts.Length; index++)
        {
            puts[index] = ItemMapper.ToAttributes(batch.Puts[index], shared);
            sizes[index] = AttributeSize.Of(puts[index]);
        }

        if (WriteRules.Check(batch, puts, sizes) is { } refusal)
        {
            return Task.FromResult(Failed(refusal));
        }

        // The rows are made here, since the thread that writes has enough to do.
        (string table, string partition) = (batch.Partition.Table, batch.Partition.Key);
        var rows = new RecordRow[puts.Length];
        string[] deletes = new string[batch.Deletes.Count];
        long bytes = BytesOfKey * (rows.Length + deletes.Length);
        for (int index = 0; index < rows.Length; index++)
        {
            rows[index] = RecordRow.Of(puts[index], sizes[index]);
            bytes += rows[index].Body.Length;
        }

        for (int index = 0; index < deletes.Length; index++)
        {
            deletes[index] = RecordKeys.Item(batch.Deletes[index]);
        }

        return SubmitAsync(attempt, bytes, records => records.Write(table, rows, partition, deletes), Failed);
    }

    public Task<UpdateReply> UpdateAsync(RecordUpdate update, Attempt attempt) =>
        SubmitAsync(attempt, BytesOf(update), records => records.Update(update), static fault => new UpdateReply { Fault = fault });

    // The ids of a manifest are long, and so is what a copy sets. What else an update sets is bounded.
    private static long BytesOf(RecordUpdate update)
    {
        long bytes = TypicalUpdateBytes;
        foreach (AttributeChange change in update.Changes)
        {
            bytes += change switch
            {
                AttributeChange.SetBytes set => set.Bytes.Length,
                AttributeChange.SetValue set => AttributeSize.Of(set.Value),
                _ => 0,
            };
        }

        return bytes;
    }

    private Task<T> SubmitAsync<T>(Attempt attempt, long bytes, Func<RecordWriter, T> apply, Func<TableFault, T> failed)
        where T : TableReply => file().Writer.SubmitAsync(new WriteEntry<T>(attempt, bytes, _patience, apply, failed));
}
