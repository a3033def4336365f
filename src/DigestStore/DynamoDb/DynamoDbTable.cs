using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.DynamoDb;

// Implements IDigestTable with DynamoDB: one SDK call per method, and every error is returned as a value. With readsPages, the HTTP handler of
// the client reads the pages from the bytes of the response, because the SDK takes far longer (docs/adr/0014).
internal sealed class DynamoDbTable(Func<IAmazonDynamoDB> client, bool retriesByItself = false, bool readsPages = false) : IDigestTable
{
    public DynamoDbTable(IAmazonDynamoDB client)
        : this(() => client, ClientFactory.RetriesByItself(client))
    {
    }

    public async Task<PageReply> QueryAsync(PageRequest request, CancellationToken cancellationToken)
    {
        Attempt? attempt = readsPages && request.Day is not null ? Attempt.RequestPage(request) : null;
        try
        {
            return await SendAsync(
                sdk => sdk.QueryAsync(Queries.Page(request), cancellationToken),
                response => attempt?.TakePage() ?? ReplyReader.Page(response, request),
                static exception => new PageReply { Fault = FaultClassifier.Classify(exception) },
                cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            attempt?.TakePage();
        }
    }

    public Task<LookupReply> LookupAsync(LookupRequest request, CancellationToken cancellationToken) => SendAsync(
        sdk => sdk.BatchGetItemAsync(Queries.Lookup(request), cancellationToken),
        response => ReplyReader.Lookup(response, request),
        exception => new LookupReply { KeyCount = request.Keys.Count, Fault = FaultClassifier.Classify(exception) },
        cancellationToken);

    public Task<WriteReply> WriteAsync(WriteBatch batch, CancellationToken cancellationToken)
    {
        int sent = batch.Puts.Count + batch.Deletes.Count;
        return SendAsync(
            sdk => sdk.BatchWriteItemAsync(Queries.Write(batch), cancellationToken),
            response => ReplyReader.Write(response, batch, sent),
            exception => new WriteReply { Sent = sent, Fault = FaultClassifier.Classify(exception) with { MayFollowOtherSends = retriesByItself } },
            cancellationToken);
    }

    public Task<UpdateReply> UpdateAsync(RecordUpdate update, CancellationToken cancellationToken) => SendAsync(
        sdk => sdk.UpdateItemAsync(UpdateExpression.ToRequest(update), cancellationToken),
        response => ReplyReader.Update(response, update),
        exception => new UpdateReply
        {
            Fault = FaultClassifier.Classify(exception),
            Record = exception is ConditionalCheckFailedException { Item: { Count: > 0 } old } ? new StoredRecord(update.Key, old) : null,
        },
        cancellationToken);

    private async Task<TReply> SendAsync<TResponse, TReply>(
        Func<IAmazonDynamoDB, Task<TResponse>> send, Func<TResponse, TReply> read, Func<Exception, TReply> failed, CancellationToken cancellationToken)
    {
        try
        {
            return read(await send(client()).ConfigureAwait(false));
        }
        catch (Exception exception) when (!IsCallerCancellation(exception, cancellationToken))
        {
            return failed(exception);
        }
    }

    private static bool IsCallerCancellation(Exception exception, CancellationToken cancellationToken) =>
        exception is OperationCanceledException && cancellationToken.IsCancellationRequested;
}
