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

    public Task<PageReply> QueryAsync(PageRequest request, Attempt attempt) => SendAsync(
        attempt,
        sdk => sdk.QueryAsync(Queries.Page(request), attempt.Token),
        response => SdkCall.Current?.TakePage() ?? ReplyReader.Page(response, request),
        static exception => new PageReply { Fault = FaultClassifier.Classify(exception) },
        readsPages && request.Day is not null ? request : null);

    public Task<LookupReply> LookupAsync(LookupRequest request, Attempt attempt) => SendAsync(
        attempt,
        sdk => sdk.BatchGetItemAsync(Queries.Lookup(request), attempt.Token),
        response => ReplyReader.Lookup(response, request),
        exception => new LookupReply { KeyCount = request.Keys.Count, Fault = FaultClassifier.Classify(exception) });

    public Task<WriteReply> WriteAsync(WriteBatch batch, Attempt attempt)
    {
        int sent = batch.Puts.Count + batch.Deletes.Count;
        return SendAsync(
            attempt,
            sdk => sdk.BatchWriteItemAsync(Queries.Write(batch), attempt.Token),
            response => ReplyReader.Write(response, batch, sent),
            exception => new WriteReply { Sent = sent, Fault = FaultClassifier.Classify(exception) with { MayFollowOtherSends = retriesByItself } });
    }

    public Task<UpdateReply> UpdateAsync(RecordUpdate update, Attempt attempt) => SendAsync(
        attempt,
        sdk => sdk.UpdateItemAsync(UpdateExpression.ToRequest(update), attempt.Token),
        response => ReplyReader.Update(response, update),
        exception => new UpdateReply
        {
            Fault = FaultClassifier.Classify(exception),
            Record = exception is ConditionalCheckFailedException { Item: { Count: > 0 } old } ? new StoredRecord(update.Key, old) : null,
        });

    private async Task<TReply> SendAsync<TResponse, TReply>(
        Attempt attempt, Func<IAmazonDynamoDB, Task<TResponse>> send, Func<TResponse, TReply> read, Func<Exception, TReply> failed, PageRequest? page = null)
    {
        SdkCall call = SdkCall.Begin(attempt, page);
        try
        {
            return read(await send(client()).ConfigureAwait(false));
        }
        catch (Exception exception) when (!IsCallerCancellation(exception, attempt.Token))
        {
            return failed(exception);
        }
        finally
        {
            call.TakePage();
        }
    }

    private static bool IsCallerCancellation(Exception exception, CancellationToken cancellationToken) =>
        exception is OperationCanceledException && cancellationToken.IsCancellationRequested;
}
