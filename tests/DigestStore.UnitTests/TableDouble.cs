using System.Collections.Concurrent;
using DigestStore.DynamoDb;
using DigestStore.Records;
using DigestStore.Table;
using DigestStore.Testing;

namespace DigestStore.UnitTests;

// A table in memory that writes down what it is asked and answers differently where a script says so.
internal sealed class TableDouble : IDigestTable
{
    private readonly InMemoryTable _table;

    public TableDouble(InMemoryDigestStorage? storage = null)
    {
        Storage = storage ?? new InMemoryDigestStorage();
        _table = new InMemoryTable(Storage);
    }

    public InMemoryDigestStorage Storage { get; }

    public ConcurrentQueue<PageRequest> Queries { get; } = new();

    public ConcurrentQueue<LookupRequest> Lookups { get; } = new();

    public ConcurrentQueue<WriteBatch> Writes { get; } = new();

    public ConcurrentQueue<RecordUpdate> Updates { get; } = new();

    public int Requests => Queries.Count + Lookups.Count + Writes.Count + Updates.Count;

    // Null: as the table would.
    public Func<PageRequest, Task<PageReply>?> OnQuery { get; set; } = static _ => null;

    public Func<LookupRequest, Task<LookupReply>?> OnLookup { get; set; } = static _ => null;

    public Func<WriteBatch, Attempt, Task<WriteReply>?> OnWriteAsync { get; set; } = static (_, _) => null;

    public Func<WriteBatch, WriteReply?> OnWrite
    {
        set => OnWriteAsync = (batch, _) => value(batch) is { } reply ? Task.FromResult(reply) : null;
    }

    public Func<RecordUpdate, UpdateReply?> OnUpdate { get; set; } = static _ => null;

    // Whether an update neither arrives nor has an answer.
    public Func<RecordUpdate, bool> IsLost { get; set; } = static _ => false;

    public Task<PageReply> QueryAsync(PageRequest request, Attempt attempt)
    {
        Queries.Enqueue(request);
        return OnQuery(request) ?? _table.QueryAsync(request, attempt);
    }

    public Task<LookupReply> LookupAsync(LookupRequest request, Attempt attempt)
    {
        Lookups.Enqueue(request);
        return OnLookup(request) ?? _table.LookupAsync(request, attempt);
    }

    public Task<WriteReply> WriteAsync(WriteBatch batch, Attempt attempt)
    {
        Writes.Enqueue(batch);
        return OnWriteAsync(batch, attempt) ?? _table.WriteAsync(batch, attempt);
    }

    public Task<UpdateReply> UpdateAsync(RecordUpdate update, Attempt attempt)
    {
        Updates.Enqueue(update);
        if (IsLost(update))
        {
            return new TaskCompletionSource<UpdateReply>().Task;
        }

        return OnUpdate(update) is { } reply ? Task.FromResult(reply) : _table.UpdateAsync(update, attempt);
    }

    // The write as the table itself would do it, for scripts that only take part of a batch.
    public Task<WriteReply> WriteThroughAsync(WriteBatch batch) => _table.WriteAsync(batch, new Attempt(CancellationToken.None));

    public ITableSource ToSource() => new Source(this);

    private sealed class Source(TableDouble table) : ITableSource
    {
        public IDigestTable Open(DigestStoreOptions options) => table;

        public void Dispose()
        {
        }
    }
}
