using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using DigestStore.Records;
using DigestStore.Table;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.DynamoDb;

// The port over DynamoDB: one SDK call per method, every error a value.
// A table that reads pages itself takes them from the bytes of the answer, past the SDK (docs/adr/0014); its client's HTTP handler hands them over.
internal sealed class DynamoDbTable(Func<IAmazonDynamoDB> client, bool sendsAgain = false, bool readsPages = false) : IDigestTable
{
    public DynamoDbTable(IAmazonDynamoDB client)
        : this(() => client, ClientFactory.SendsAgain(client))
    {
    }

    public async Task<PageReply> QueryAsync(PageRequest request, CancellationToken cancellationToken)
    {
        Attempt? attempt = readsPages ? Attempt.Ask(request) : null;
        try
        {
            return await AskAsync(
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

    public Task<LookupReply> LookupAsync(LookupRequest request, CancellationToken cancellationToken)
    {
        int asked = request.Ids.Count + (request.WithHeader ? 1 : 0);
        return AskAsync(
            sdk => sdk.BatchGetItemAsync(Queries.Lookup(request), cancellationToken),
            response => ReplyReader.Lookup(response, request, asked),
            exception => new LookupReply { Asked = asked, Fault = FaultClassifier.Classify(exception) },
            cancellationToken);
    }

    public Task<WriteReply> WriteAsync(WriteBatch batch, CancellationToken cancellationToken)
    {
        int sent = batch.Puts.Count + batch.Deletes.Count;
        return AskAsync(
            sdk => sdk.BatchWriteItemAsync(Queries.Write(batch), cancellationToken),
            response => ReplyReader.Write(response, batch, sent),
            exception => new WriteReply { Sent = sent, Fault = FaultClassifier.Classify(exception) with { MayFollowOtherSends = sendsAgain } },
            cancellationToken);
    }

    public Task<HeaderReply> UpdateHeaderAsync(HeaderUpdate update, CancellationToken cancellationToken) => AskAsync(
        sdk => sdk.UpdateItemAsync(HeaderUpdates.ToRequest(update), cancellationToken),
        ReplyReader.Header,
        static exception => new HeaderReply
        {
            Fault = FaultClassifier.Classify(exception),
            RunThere = exception is ConditionalCheckFailedException { Item: { } there } ? ItemReader.Text(there, N.LastRunId) : null,
        },
        cancellationToken);

    private async Task<TReply> AskAsync<TResponse, TReply>(
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
