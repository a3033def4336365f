using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using DigestStore.TestSupport;

namespace DigestStore.UnitTests.TestSupport;

/// <summary>A scripted endpoint, the AWS SDK's client for it, and the few requests that the tests send.</summary>
public abstract class ScriptedEndpointFixture : IAsyncLifetime
{
    protected const string Table = "digests";

    protected ScriptedEndpoint Server { get; } = ScriptedEndpoint.Start();

    protected IAmazonDynamoDB Client { get; private set; } = null!;

    public ValueTask InitializeAsync()
    {
        Client = Engines.CreateClient(Server.Uri);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected static Dictionary<string, AttributeValue> Item(int number, string title = "t", string partition = "p") => new()
    {
        ["pk"] = new AttributeValue(partition),
        ["sk"] = new AttributeValue(Sort(number)),
        ["title"] = new AttributeValue(title),
        ["n"] = new AttributeValue { N = number.ToString(CultureInfo.InvariantCulture) },
    };

    protected static Dictionary<string, AttributeValue> Key(string sort, string partition = "p") => new()
    {
        ["pk"] = new AttributeValue(partition),
        ["sk"] = new AttributeValue(sort),
    };

    protected static string Sort(int number) => "ITEM#" + number.ToString("D5", CultureInfo.InvariantCulture);

    protected static WriteRequest Put(int number, string title = "t") => new(new PutRequest(Item(number, title)));

    protected Task<BatchWriteItemResponse> WriteAsync(params IEnumerable<WriteRequest> writes) => Client.BatchWriteItemAsync(Batch(writes));

    protected Task<BatchWriteItemResponse> WriteAsync(int first, int count) => WriteAsync(Enumerable.Range(first, count).Select(number => Put(number)));

    protected static BatchWriteItemRequest Batch(IEnumerable<WriteRequest> writes) => new()
    {
        RequestItems = new Dictionary<string, List<WriteRequest>> { [Table] = [.. writes] },
        ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
    };

    protected IEnumerable<string> StoredSorts => Server.Database.Items(Table).Select(item => item["sk"]!["S"]!.GetValue<string>());
}
