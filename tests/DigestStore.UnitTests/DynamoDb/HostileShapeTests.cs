using System.Buffers;
using System.Text;
using DigestStore.Day;
using DigestStore.DynamoDb;
using DigestStore.Storing;
using DigestStore.Table;
using DigestStore.TestSupport;

namespace DigestStore.UnitTests.DynamoDb;

// What the SDK makes of bodies that the gate lets through. A member in another shape than its own makes the SDK read on for ever, so that
// the request never comes back, or return a buffer twice, so that the shared pool hands it out twice. A port call has no deadline of its own.
public sealed class HostileShapeTests : IAsyncDisposable
{
    private readonly ScriptedEndpoint _server = ScriptedEndpoint.Start();
    private readonly OwnClientSource _tables = new();

    [Theory]
    [InlineData("Query", """{"Items":[],"Count":0,"ConsumedCapacity":{"TableName":"digests","CapacityUnits":1,"Table":5}}""")]
    [InlineData("Query", """{"Items":[],"Count":0,"ConsumedCapacity":{"Table":{"CapacityUnits":"x"}}}""")]
    [InlineData("Query", """{"Items":[],"Count":0,"ConsumedCapacity":{"GlobalSecondaryIndexes":[1,2]}}""")]
    [InlineData("Query", """{"Items":[],"Count":0,"ConsumedCapacity":[{"CapacityUnits":1}]}""")]
    [InlineData("Query", """{"Items":[],"Count":1.5}""")]
    [InlineData("Query", """{"Items":[],"Count":99999999999999}""")]
    [InlineData("Query", """{"Items":[{"pk":{"B":"%%%"}}],"Count":1}""")]
    [InlineData("Query", """{"items":5,"Items":[],"Count":0}""")]
    [InlineData("Query", """{"x/Items":5,"Items":[],"Count":0}""")]
    [InlineData("Query", """{"Items":[{"pk":{"L":[null]}}],"Count":1}""")]
    [InlineData("BatchWriteItem", """{"UnprocessedItems":{},"ItemCollectionMetrics":5}""")]
    [InlineData("BatchWriteItem", """{"UnprocessedItems":{},"ItemCollectionMetrics":{"digests":5}}""")]
    [InlineData("BatchWriteItem", """{"UnprocessedItems":{},"ItemCollectionMetrics":{"digests":[{"SizeEstimateRangeGB":["x"]}]}}""")]
    [InlineData("BatchWriteItem", """{"UnprocessedItems":{},"ConsumedCapacity":[{"VectorIndexes":5}]}""")]
    [InlineData("BatchWriteItem", """{"UnprocessedItems":{},"ConsumedCapacity":[{"VectorIndexes":{"by-vector":{"VectorSearchRequestBytes":["x"]}}}]}""")]
    [InlineData("BatchGetItem", """{"Responses":{"digests":[]},"UnprocessedKeys":{"digests":{"ConsistentRead":"x"}}}""")]
    [InlineData("BatchGetItem", """{"Responses":{"digests":[]},"UnprocessedKeys":{"digests":{"AttributesToGet":{"a":1}}}}""")]
    public async Task An_answer_of_another_shape_never_reaches_the_SDK(string operation, string body)
    {
        TableReply reply = await AnswerAsync(operation, 200, body);

        Assert.Equal(FaultKind.InvalidResponse, reply.Fault?.Kind);
    }

    [Theory]
    [InlineData("Query", """{"__type":"ProvisionedThroughputExceededException","ThrottlingReasons":5}""", "Throttled")]
    [InlineData("Query", """{"__type":"ProvisionedThroughputExceededException","ThrottlingReasons":[{"reason":5}]}""", "Throttled")]
    [InlineData("Query", """{"__type":"ThrottlingException","throttlingReasons":{"a":[1]}}""", "Throttled")]
    [InlineData("BatchWriteItem", """{"__type":"ThrottlingException","x/throttlingReasons":5,"message":"slow"}""", "Throttled")]
    [InlineData("UpdateItem", """{"__type":"ConditionalCheckFailedException","Item":{"a":{"N":"1"}},"item":7}""", "ConditionFailed")]
    [InlineData("UpdateItem", """{"__type":"ConditionalCheckFailedException","Item":[7]}""", "ConditionFailed")]
    [InlineData("UpdateItem", """{"__type":["ConditionalCheckFailedException"]}""", "Unexpected")]
    public async Task An_error_is_shown_to_the_SDK_by_its_type_alone(string operation, string body, string kind)
    {
        TableReply reply = await AnswerAsync(operation, 400, body);

        Assert.Equal(kind, reply.Fault?.Kind.ToString());
    }

    [Theory]
    [InlineData("""{"Items":[],"Count":0,"SomethingNew":[1,{"Items":[{"S":5}],"Count":[]},[[]],null,"x"]}""")]
    [InlineData("""{"SomethingNew":{"Items":5,"ConsumedCapacity":{"CapacityUnits":[]}},"Items":[],"Count":0}""")]
    [InlineData("""{"Items":[],"ConsumedCapacity":{"SomethingNew":{"CapacityUnits":"x"},"CapacityUnits":0.5},"Count":0}""")]
    [InlineData("""{"Items":null,"LastEvaluatedKey":null,"ConsumedCapacity":null,"Count":0}""")]
    public async Task Members_that_the_SDK_does_not_know_are_harmless(string body)
    {
        TableReply reply = await AnswerAsync("Query", 200, body);

        Assert.Null(reply.Fault);
    }

    [Fact]
    public async Task A_type_of_attribute_that_the_SDK_does_not_know_is_harmless()
    {
        const string Record = """{"pk":{"S":"DIGEST#daily#2026-11-21"},"sk":{"S":"NOTE"},"new":{"V":[1,{"S":5}]},"old":{"S":"x"},"none":{}}""";

        var reply = (PageReply)await AnswerAsync("Query", 200, $$"""{"Items":[{{Record}},{{Record}}],"Count":2}""");

        Assert.Null(reply.Fault);
        Assert.Equal(2, reply.UnknownRecords);
    }

    [Fact]
    public async Task The_record_that_a_failed_condition_met_is_told()
    {
        var reply = (UpdateReply)await AnswerAsync("UpdateItem", 400, """{"__type":"x#ConditionalCheckFailedException","message":"no","Item":{"lastRunId":{"S":"run"}}}""");

        Assert.Equal((FaultKind.ConditionFailed, "run"), (reply.Fault!.Kind, reply.Record?.Text("lastRunId")));
    }

    public async ValueTask DisposeAsync()
    {
        _tables.Dispose();
        await _server.DisposeAsync();
    }

    private async Task<TableReply> AnswerAsync(string operation, int status, string body)
    {
        _server.On(operation).Answer(Fault.Custom((exchange, stop) => exchange.SendAsync(new Reply { Status = status, Body = Encoding.UTF8.GetBytes(body) }, stop)));
        Task<TableReply> asked = Task.Run(() => AskAsync(operation));
        TableReply reply = await asked.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        for (int thread = 0; thread < 4; thread++)
        {
            Assert.Equal(0, await Task.Run(BuffersRentedTwice));
        }

        return reply;
    }

    private async Task<TableReply> AskAsync(string operation)
    {
        var attempt = new Attempt(CancellationToken.None);
        IDigestTable table = _tables.Open(new DigestStoreOptions { ServiceUrl = _server.Uri.AbsoluteUri, TableName = "digests" });
        return operation switch
        {
            "Query" => await table.QueryAsync(PageRequest.OfDay(Some.Partition, after: null, consistent: true), attempt),
            "BatchGetItem" => await table.LookupAsync(DayLookup.Of(Some.Partition, withHeader: false, [Some.Id(1)], consistent: true), attempt),
            "BatchWriteItem" => await table.WriteAsync(new WriteBatch(Some.Partition, [Some.Write(Some.Clean(Some.Item(1)))], []), attempt),
            _ => await table.UpdateAsync(HeaderUpdates.SaveIdRules(Some.Partition, "1"), attempt),
        };
    }

    private static int BuffersRentedTwice()
    {
        int twice = 0;
        for (int size = 16; size <= 1 << 16; size *= 2)
        {
            var rented = new HashSet<byte[]>(ReferenceEqualityComparer.Instance);
            for (int buffer = 0; buffer < 40; buffer++)
            {
                twice += rented.Add(ArrayPool<byte>.Shared.Rent(size)) ? 0 : 1;
            }
        }

        return twice;
    }
}
