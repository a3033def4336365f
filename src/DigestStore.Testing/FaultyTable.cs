using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.Testing;

// Passes requests on to the in-memory table, except those for which the script has a fault.
internal sealed class FaultyTable(IDigestTable table, InMemoryFaults faults) : IDigestTable
{
    public Task<PageReply> QueryAsync(PageRequest request, Attempt attempt) => AnswerAsync(
        InMemoryOperation.Query, () => table.QueryAsync(request, attempt), fault => new PageReply { Fault = fault }, attempt.Token);

    public Task<LookupReply> LookupAsync(LookupRequest request, Attempt attempt) => AnswerAsync(
        InMemoryOperation.BatchGet, () => table.LookupAsync(request, attempt), fault => new LookupReply { Fault = fault, KeyCount = request.Keys.Count }, attempt.Token);

    public Task<UpdateReply> UpdateAsync(RecordUpdate update, Attempt attempt) => AnswerAsync(
        InMemoryOperation.Update, () => table.UpdateAsync(update, attempt), fault => new UpdateReply { Fault = fault }, attempt.Token);

    public async Task<WriteReply> WriteAsync(WriteBatch batch, Attempt attempt)
    {
        int sent = batch.Puts.Count + batch.Deletes.Count;
        InMemoryFaults.Step? step = faults.TakeNext(InMemoryOperation.BatchWrite);
        if (step?.Unprocessed is not { } fraction)
        {
            return await AnswerAsync(step, () => table.WriteAsync(batch, attempt), fault => new WriteReply { Fault = fault, Sent = sent }, attempt.Token).ConfigureAwait(false);
        }

        var unprocessed = batch.Puts.Select(put => put.Id).Concat(batch.Deletes).Where(_ => faults.IsChosen(fraction)).ToHashSet();
        var processed = new WriteBatch(batch.Partition, [.. batch.Puts.Where(put => !unprocessed.Contains(put.Id))], [.. batch.Deletes.Where(id => !unprocessed.Contains(id))]);
        WriteReply reply = processed.Puts.Count + processed.Deletes.Count == 0
            ? new WriteReply { Sent = 0 }
            : await table.WriteAsync(processed, attempt).ConfigureAwait(false);
        return new WriteReply { Sent = sent, Units = reply.Units, Fault = reply.Fault, Unprocessed = [.. unprocessed] };
    }

    private Task<T> AnswerAsync<T>(InMemoryOperation operation, Func<Task<T>> healthy, Func<TableFault, T> failed, CancellationToken cancellationToken)
        where T : TableReply => AnswerAsync(faults.TakeNext(operation), healthy, failed, cancellationToken);

    private static async Task<T> AnswerAsync<T>(InMemoryFaults.Step? step, Func<Task<T>> healthy, Func<TableFault, T> failed, CancellationToken cancellationToken)
        where T : TableReply
    {
        if (step is null)
        {
            return await healthy().ConfigureAwait(false);
        }

        if (step.Fault is { } fault)
        {
            return failed(fault);
        }

        var never = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration abandoned = cancellationToken.Register(() => never.TrySetCanceled(cancellationToken));
        return await never.Task.ConfigureAwait(false);
    }
}
