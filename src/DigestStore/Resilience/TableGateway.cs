using DigestStore.Calls;
using DigestStore.Configuration;
using DigestStore.Records;
using DigestStore.Table;
using DigestStore.Telemetry;

namespace DigestStore.Resilience;

// Every request of a call to the table goes through here. RequestSender sends it, RetryPipeline repeats it where that is worth it, and
// the circuit breaker keeps reads from a table that was dead a moment ago. A fault is an answer: nothing throws.
internal sealed class TableGateway(OpenedTable table, CallScope scope, StoreSettings settings, CircuitBreaker breaker, Instruments instruments)
{
    private readonly RequestSender _sender = new(table, scope, settings, instruments);

    public CallScope Scope => scope;

    public bool WritesTogether => table.Table is { WritesTogether: true };

    public RetryPipeline Retries { get; } = new(settings.Options, scope);

    // The breaker watches the reads, because every call begins with one.
    public Task<PageReply> QueryAsync(PageRequest request) => breaker.RunAsync(
        () => Retries.UntilCompleteAsync(isRetry => _sender.SendAsync((table, attempt) => table.QueryAsync(request, attempt), static fault => new PageReply { Fault = fault }, isRetry)),
        static fault => new PageReply { Fault = fault },
        settings.Options.AttemptTimeout);

    public Task<LookupReply> LookupAsync(LookupRequest request) => breaker.RunAsync(
        () => LookupAllAsync(request),
        fault => new LookupReply { Fault = fault, KeyCount = request.Keys.Count },
        settings.Options.AttemptTimeout);

    // Each attempt asks only for the keys that DynamoDB has left over, and what the attempts before it brought is kept.
    private async Task<LookupReply> LookupAllAsync(LookupRequest request)
    {
        var records = new List<StoredRecord>(request.Keys.Count);
        LookupRequest missing = request;
        LookupReply last = await Retries.UntilCompleteAsync(async isRetry =>
        {
            LookupReply reply = await _sender.SendAsync(
                (table, attempt) => table.LookupAsync(missing, attempt),
                fault => new LookupReply { Fault = fault, KeyCount = missing.Keys.Count },
                isRetry).ConfigureAwait(false);
            records.AddRange(reply.Records);
            missing = reply.IsPartial ? missing with { Keys = reply.Unprocessed } : missing;
            return reply;
        }).ConfigureAwait(false);
        return new LookupReply { Records = records, KeyCount = last.KeyCount, Fault = FaultOf(last, "UnprocessedKeys") };
    }

    // Some engines, dynalite for one, do not return the record for which the condition was false. It is then looked up, although it may
    // have changed since.
    public async Task<UpdateReply> UpdateAsync(RecordUpdate update)
    {
        UpdateReply reply = await Retries.UntilCompleteAsync(isRetry => _sender.SendAsync(
            (table, attempt) => table.UpdateAsync(update, attempt), static fault => new UpdateReply { Fault = fault }, isRetry)).ConfigureAwait(false);
        if (!reply.IsRefused || reply.Record is not null)
        {
            return reply;
        }

        LookupReply found = await LookupAsync(new LookupRequest(update.Table, [update.Key], Consistent: true)).ConfigureAwait(false);
        return new UpdateReply { Fault = reply.Fault, Record = found.Records is [var there] ? there : null };
    }

    // The answer has the ids whose records may still be there, whether or not it has a fault.
    public Task<WriteReply> DeleteAsync(Partition partition, IReadOnlyList<DigestItemId> ids) => WriteAllAsync(new WriteBatch(partition, [], ids));

    // The answer has the ids of the writes that may be left, whether or not it has a fault.
    public async Task<WriteReply> WriteAllAsync(WriteBatch batch)
    {
        WriteBatch left = batch;
        WriteReply last = await Retries.UntilCompleteAsync(async isRetry =>
        {
            WriteReply reply = await WriteOnceAsync(left, isRetry).ConfigureAwait(false);
            left = reply.Fault is null ? left.Only(reply.Unprocessed) : left;
            return reply;
        }).ConfigureAwait(false);
        return new WriteReply { Sent = batch.Ids.Count, Unprocessed = left.Ids, Fault = FaultOf(last, "UnprocessedItems") };
    }

    // One attempt. The writer has the retry pipeline repeat it, and packs what is left anew before each repetition.
    public Task<WriteReply> WriteOnceAsync(WriteBatch batch, bool isRetry) => _sender.SendAsync(
        (table, attempt) => table.WriteAsync(batch, attempt),
        fault => new WriteReply { Fault = fault, Sent = batch.Puts.Count + batch.Deletes.Count },
        isRetry);

    // Why the last answer does not have everything. When it brought some, only the end of the call kept the rest from being asked for.
    private TableFault? FaultOf(TableReply last, string leftoversCode)
    {
        if (last.Fault is not null || !last.IsPartial)
        {
            return last.Fault;
        }

        return last.MadeNoProgress ? new TableFault(FaultKind.Throttled, leftoversCode) : scope.EndFault;
    }
}
