using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using N = DigestStore.Table.AttributeNames;

namespace DigestStore.Table;

// The port over DynamoDB: one SDK call per method, every error a value.
internal sealed class DynamoDbTable(Func<IAmazonDynamoDB> client) : IDigestTable
{
    public DynamoDbTable(IAmazonDynamoDB client)
        : this(() => client)
    {
    }

    public async Task<PageReply> QueryAsync(PageRequest request, CancellationToken cancellationToken)
    {
        try
        {
            // A client that the host made shows its pages in its answers only.
            Attempt attempt = Attempt.Ask(request);
            QueryResponse response = await client().QueryAsync(Queries.Page(request), cancellationToken).ConfigureAwait(false);
            return attempt.Page ?? ReplyReader.Page(response, request);
        }
        catch (Exception exception) when (!IsCallerCancellation(exception, cancellationToken))
        {
            return new PageReply { Fault = FaultClassifier.Classify(exception) };
        }
    }

    public async Task<LookupReply> LookupAsync(LookupRequest request, CancellationToken cancellationToken)
    {
        int asked = request.Ids.Count + (request.WithHeader ? 1 : 0);
        try
        {
            BatchGetItemResponse response = await client().BatchGetItemAsync(Queries.Lookup(request), cancellationToken).ConfigureAwait(false);
            return ReplyReader.Lookup(response, request, asked);
        }
        catch (Exception exception) when (!IsCallerCancellation(exception, cancellationToken))
        {
            return new LookupReply { Asked = asked, Fault = FaultClassifier.Classify(exception) };
        }
    }

    public async Task<WriteReply> WriteAsync(WriteBatch batch, CancellationToken cancellationToken)
    {
        int sent = batch.Puts.Count + batch.Deletes.Count;
        try
        {
            BatchWriteItemResponse response = await client().BatchWriteItemAsync(Queries.Write(batch), cancellationToken).ConfigureAwait(false);
            return ReplyReader.Write(response, batch, sent);
        }
        catch (Exception exception) when (!IsCallerCancellation(exception, cancellationToken))
        {
            return new WriteReply { Sent = sent, Fault = FaultClassifier.Classify(exception) };
        }
    }

    public async Task<HeaderReply> UpdateHeaderAsync(HeaderUpdate update, CancellationToken cancellationToken)
    {
        try
        {
            UpdateItemResponse response = await client().UpdateItemAsync(HeaderMapper.ToRequest(update), cancellationToken).ConfigureAwait(false);
            return ReplyReader.Header(response);
        }
        catch (ConditionalCheckFailedException refused)
        {
            return new HeaderReply
            {
                Fault = FaultClassifier.Classify(refused),
                RunThere = refused.Item is null ? null : ItemReader.Text(refused.Item, N.LastRunId),
            };
        }
        catch (Exception exception) when (!IsCallerCancellation(exception, cancellationToken))
        {
            return new HeaderReply { Fault = FaultClassifier.Classify(exception) };
        }
    }

    private static bool IsCallerCancellation(Exception exception, CancellationToken cancellationToken) =>
        exception is OperationCanceledException && cancellationToken.IsCancellationRequested;
}
