using DigestStore.Records;

namespace DigestStore.Table;

// Stands in for a table that could not be opened: every call is the same fault, and no request.
internal sealed class UnavailableTable(TableFault fault) : IDigestTable
{
    public TableFault Fault => fault;

    public Task<PageReply> QueryAsync(PageRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(new PageReply { Fault = fault });

    public Task<LookupReply> LookupAsync(LookupRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(new LookupReply { Fault = fault, Asked = request.Keys.Count });

    public Task<WriteReply> WriteAsync(WriteBatch batch, CancellationToken cancellationToken) =>
        Task.FromResult(new WriteReply { Fault = fault, Sent = batch.Puts.Count + batch.Deletes.Count });

    public Task<UpdateReply> UpdateAsync(RecordUpdate update, CancellationToken cancellationToken) =>
        Task.FromResult(new UpdateReply { Fault = fault });
}
