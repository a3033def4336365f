using System.Text.Json.Nodes;
using Amazon.DynamoDBv2.Model;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

// Answers that are well formed and do not hold what they say, or what was asked for.
public sealed class FalseAnswerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"Count":5,"ScannedCount":5}""")]
    [InlineData("""{"Items":[],"Count":3,"ScannedCount":3}""")]
    [InlineData("""{"Items":[],"Count":-1}""")]
    [InlineData("""{"Items":[]}""")]
    [InlineData("""{"items":[],"Count":0}""")]
    [InlineData("""{"ConsumedCapacity":{"TableName":"digests","CapacityUnits":0.5}}""")]
    [FaultRow(79, "A page says that there are items and brings none, or does not say how many there are", "It is no answer: never an empty day.")]
    public async Task A_page_that_does_not_bring_what_it_says_is_no_empty_day(string answer)
    {
        await using FaultScenario scenario = FaultScenario.Start();
        await scenario.StoreAsync(FaultScenario.Items(30));
        scenario.Server.On("Query").Answer(Fault.Json(answer));

        await AssertNoAnswerAsync(() => scenario.Repository.GetAsync(FaultScenario.Date, Token));
        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(30));

        Assert.All(result.Problems, problem => Assert.Equal(StoreProblemReason.CompareUnavailable, problem.Reason));
        Assert.Equal((StoreStatus.Failed, 2), (result.Status, scenario.Writes().Count));
    }

    [Theory]
    [InlineData("""{"Responses":{}}""")]
    [InlineData("""{"UnprocessedKeys":{}}""")]
    [InlineData("""{"Responses":{"other":[]},"UnprocessedKeys":{}}""")]
    [InlineData("""{"Responses":{"digests":null},"UnprocessedKeys":{}}""")]
    [InlineData("""{"Responses":{},"UnprocessedKeys":{"digests":{"Keys":[{"pk":{"S":"x"}}]}}}""")]
    [InlineData("""{"Responses":{"digests":[]},"UnprocessedKeys":{"digests":{"Keys":[{"pk":{"S":"DIGEST#daily#2026-11-21"},"SK":{"S":"HEADER"}}]}}}""")]
    [FaultRow(96, "The answer to a lookup has no list of the table's, or one of another table's", "It is no answer: never \"not stored\".")]
    public async Task A_lookup_without_the_table_s_own_list_is_no_answer(string answer)
    {
        await using FaultScenario scenario = FaultScenario.Start();
        DigestItem[] items = FaultScenario.Items(3);
        await scenario.StoreAsync(items);
        scenario.Server.On("BatchGetItem").Answer(Fault.Json(answer));

        await AssertNoAnswerAsync(() => scenario.Repository.FindAsync(FaultScenario.Date, items[0].Url, Token));
        StoreResult result = await scenario.StoreAsync(items);

        Assert.All(result.Problems, problem => Assert.Equal(StoreProblemReason.CompareUnavailable, problem.Reason));
        Assert.Equal((StoreStatus.Failed, 1), (result.Status, scenario.Writes().Count));
    }

    [Fact]
    [FaultRow(81, "A page has the records of another day", "They are not taken for this day's: the read throws.")]
    public async Task Records_of_another_partition_are_an_error()
    {
        await using FaultScenario scenario = FaultScenario.Start();
        await scenario.StoreAsync(FaultScenario.Items(30));
        scenario.Server.On("Query").Answer(Fault.RewriteBody(body => body["Items"]![3]!["pk"]!["S"] = "DIGEST#other#2001-01-01"));

        await AssertNoAnswerAsync(() => scenario.Repository.GetAsync(FaultScenario.Date, Token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [FaultRow(82, "A page has a record twice, or its records in another order", "No record is read twice: the read throws, and a store compares with nothing.")]
    public async Task A_page_with_a_record_twice_or_out_of_order_is_an_error(bool isTwice)
    {
        await using FaultScenario scenario = FaultScenario.Start();
        await scenario.StoreAsync(FaultScenario.Items(30));
        scenario.Server.On("Query").Answer(Fault.RewriteBody(body =>
        {
            JsonArray records = body["Items"]!.AsArray();
            JsonNode moved = records[5]!.DeepClone();
            if (!isTwice)
            {
                records.RemoveAt(5);
            }

            records.Add(moved);
            body["Count"] = records.Count;
        }));

        await AssertNoAnswerAsync(() => scenario.Repository.GetAsync(FaultScenario.Date, Token));
        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(30));

        Assert.All(result.Problems, problem => Assert.Equal(StoreProblemReason.CompareUnavailable, problem.Reason));
        Assert.Equal(StoreStatus.Failed, result.Status);
    }

    [Fact]
    [FaultRow(79, "The first page of a compare ends before the header's place", "The header is looked up: ordinals go on where they were.")]
    public async Task A_page_that_ends_before_the_header_does_not_tell_that_there_is_none()
    {
        await using FaultScenario scenario = FaultScenario.Start();
        await scenario.StoreAsync(FaultScenario.Items(30));
        scenario.Server.On("Query").Answer(Fault.Json("""{"Items":[],"Count":0,"LastEvaluatedKey":{"pk":{"S":"DIGEST#daily#2026-11-21"},"sk":{"S":"A"}}}""")).Once();

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(30, from: 100));

        Assert.Equal((StoreStatus.Stored, 30), (result.Status, result.Inserted));
        Assert.Equal(Enumerable.Range(0, 60), (await scenario.Repository.GetAsync(FaultScenario.Date, Token)).Select(item => item.Ordinal).Order());
    }

    [Theory]
    [InlineData("1e999")]
    [InlineData("-5")]
    [InlineData("1e308")]
    [FaultRow(46, "The cost of a request is negative, endless or absurd", "It counts as none.")]
    public async Task A_cost_that_cannot_be_counts_as_none(string units)
    {
        await using FaultScenario scenario = FaultScenario.Start();
        scenario.Server.On("BatchWriteItem").Answer(Fault.Applied(Fault.Json($$"""{"UnprocessedItems":{},"ConsumedCapacity":[{"TableName":"digests","CapacityUnits":{{units}}}]}""")));

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(30));

        Assert.Equal(StoreStatus.Stored, result.Status);
        Assert.InRange(result.Cost.WriteUnits, 0, 10);
    }

    [Fact]
    [FaultRow(86, "The error code and the request id are secrets that look like codes", "Neither is told: only codes that are known, and ids of DynamoDB's form.")]
    public async Task A_secret_that_looks_like_a_code_is_not_told()
    {
        await using FaultScenario scenario = FaultScenario.Start();
        Reply answer = Reply.Error(400, "AKIAIOSFODNN7EXAMPLE", "x") with { Headers = new Dictionary<string, string?> { ["x-amzn-RequestId"] = "hunter2-token-42" } };
        scenario.Server.OnAny().Answer(Fault.Custom((exchange, stop) => exchange.SendAsync(answer, stop)));

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(30));
        DigestStoreException failure = await Assert.ThrowsAsync<DigestStoreException>(() => scenario.Repository.GetAsync(FaultScenario.Date, Token));

        string[] told = [failure.ToString(), .. result.Problems.Select(problem => problem.Message), .. scenario.Log.Entries.Select(entry => entry.Message)];
        Assert.All(told, text => Assert.DoesNotContain("AKIA", text, StringComparison.Ordinal));
        Assert.All(told, text => Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(29)]
    [InlineData(31)]
    [FaultRow(81, "A record has an attribute as deeply nested as DynamoDB allows", "It is read, and its neighbours are.")]
    public async Task A_record_is_read_however_deep_its_attributes_are(int maps)
    {
        await using EngineTable table = await EngineTable.StartAsync(Engine.DynamoDbLocal);
        await table.StoreAsync(FaultScenario.Items(1));
        var nested = new AttributeValue { S = "x" };
        for (int map = 0; map < maps; map++)
        {
            nested = new AttributeValue { M = new() { ["a"] = nested } };
        }

        Dictionary<string, AttributeValue> record = Assert.Single(await table.ItemsAsync());
        record["foreign"] = nested;
        await table.PutAsync(record["sk"].S, record);

        Assert.Single(await table.ReadAsync());
    }

    private static async Task AssertNoAnswerAsync(Func<Task> read) =>
        Assert.Equal(DigestStoreErrorReason.InvalidResponse, (await Assert.ThrowsAsync<DigestStoreException>(read)).Reason);
}
