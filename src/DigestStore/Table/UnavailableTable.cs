using DigestStore.Records;

namespace DigestStore.Table;

// Replaces a table that could not be opened. Every call returns the fault of the opening and sends no request, so that the steps report it
// like any other fault.
internal sealed class UnavailableTable(TableFault fault) : IDigestTable
{
    public TableFault Fault => fault;

    public Task<PageReply> QueryAsync(PageRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(new PageReply { Fault = fault });

    public Task<LookupReply> LookupAsync(LookupRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(new LookupReply { Fault = fault, KeyCount = request.Keys.Count });

    public Task<WriteReply> WriteAsync(WriteBatch batch, CancellationToken cancellationToken) =>
        Task.FromResult(new WriteReply { Fault = fault, Sent = batch.Puts.Count + batch.Deletes.Count });

    public Task<UpdateReply> UpdateAsync(RecordUpdate update, CancellationToken cancellationToken) =>
        Task.FromResult(new UpdateReply { Fault = fault });
}
