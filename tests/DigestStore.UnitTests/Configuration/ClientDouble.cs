using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using DigestStore.Doctor;

namespace DigestStore.UnitTests.Configuration;

// The host's own client: answers that everything was stored and that there was nothing before.
internal sealed class ClientDouble(int maxErrorRetry = 0) : AmazonDynamoDBClient(
    new BasicAWSCredentials("test", "test"),
    new AmazonDynamoDBConfig { ServiceURL = "http://localhost:1", MaxErrorRetry = maxErrorRetry, MaxStaleConnectionRetries = 0, AllowAutoRedirect = false })
{
    public int Requests { get; private set; }

    public string? LastTable { get; private set; }

    public bool IsDisposed { get; private set; }

    public override Task<BatchGetItemResponse> BatchGetItemAsync(BatchGetItemRequest request, CancellationToken cancellationToken = default) =>
        Answer(new BatchGetItemResponse(), request.RequestItems.Keys.Single());

    public override Task<QueryResponse> QueryAsync(QueryRequest request, CancellationToken cancellationToken = default) => Answer(new QueryResponse(), request.TableName);

    public override Task<BatchWriteItemResponse> BatchWriteItemAsync(BatchWriteItemRequest request, CancellationToken cancellationToken = default) =>
        Answer(new BatchWriteItemResponse(), request.RequestItems.Keys.Single());

    public override Task<UpdateItemResponse> UpdateItemAsync(UpdateItemRequest request, CancellationToken cancellationToken = default) => Answer(new UpdateItemResponse(), request.TableName);

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }

    private Task<T> Answer<T>(T response, string table)
    {
        LastTable = table;
        Requests++;
        return Task.FromResult(response);
    }
}
