using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace DigestStore.UnitTests.TestSupport;

public sealed class ScriptedEndpointQueryTests : ScriptedEndpointFixture
{
    [Fact]
    public async Task A_partition_comes_back_in_key_order_and_alone()
    {
        await WriteAsync(Put(3), Put(1), Put(2), new WriteRequest(new PutRequest(Item(1, partition: "q"))));

        var page = await Client.QueryAsync(Query());

        Assert.Equal([Sort(1), Sort(2), Sort(3)], page.Items.Select(item => item["sk"].S));
        Assert.Equal((3, 3), (page.Count, page.ScannedCount));
        Assert.True(page.LastEvaluatedKey is null or { Count: 0 });
        Assert.Equal(1, page.ConsumedCapacity.CapacityUnits);
    }

    [Fact]
    public async Task Pages_end_at_the_limit_and_go_on_after_their_last_key()
    {
        await WriteAsync(0, 25);

        var pages = await PagesAsync(Query(limit: 10));

        Assert.Equal([10, 10, 5], pages.Select(page => page.Count!.Value));
        Assert.Equal(Enumerable.Range(0, 25).Select(Sort), pages.SelectMany(page => page.Items).Select(item => item["sk"].S));
    }

    [Fact]
    public async Task A_full_last_page_is_followed_by_an_empty_one()
    {
        await WriteAsync(0, 20);

        var pages = await PagesAsync(Query(limit: 10));

        Assert.Equal([10, 10, 0], pages.Select(page => page.Count!.Value));
    }

    [Fact]
    public async Task Pages_end_at_one_MB()
    {
        foreach (var number in Enumerable.Range(0, 9))
        {
            await WriteAsync(Put(number, new string('x', 300_000)));
        }

        var pages = await PagesAsync(Query());

        Assert.Equal([4, 4, 1], pages.Select(page => page.Count!.Value));
    }

    [Theory]
    [InlineData("#pk = :pk AND #sk >= :a", 2, 4)]
    [InlineData("#pk = :pk AND begins_with(#sk, :a)", 2, 2)]
    [InlineData("(#pk = :pk) AND (#sk < :a)", 0, 1)]
    public async Task A_sort_key_condition_narrows_the_range(string condition, int first, int last)
    {
        await WriteAsync(0, 5);
        var query = Query(condition: condition);
        query.ExpressionAttributeNames["#sk"] = "sk";
        query.ExpressionAttributeValues[":a"] = new AttributeValue(Sort(2));

        var page = await Client.QueryAsync(query);

        Assert.Equal(Enumerable.Range(first, last - first + 1).Select(Sort), page.Items.Select(item => item["sk"].S));
    }

    [Fact]
    public async Task A_filter_hides_items_and_a_projection_attributes_but_both_count_as_read()
    {
        await WriteAsync(0, 5);
        var query = Query();
        query.FilterExpression = "n BETWEEN :low AND :high AND NOT n IN (:out)";
        query.ProjectionExpression = "sk, n";
        query.ExpressionAttributeValues[":low"] = new AttributeValue { N = "1.0" };
        query.ExpressionAttributeValues[":high"] = new AttributeValue { N = "3" };
        query.ExpressionAttributeValues[":out"] = new AttributeValue { N = "2" };

        var page = await Client.QueryAsync(query);

        Assert.Equal(["1", "3"], page.Items.Select(item => item["n"].N));
        Assert.All(page.Items, item => Assert.Equal(2, item.Count));
        Assert.Equal((2, 5), (page.Count, page.ScannedCount));
    }

    [Fact]
    public async Task The_order_can_be_turned_round()
    {
        await WriteAsync(0, 5);
        var query = Query(limit: 2);
        query.ScanIndexForward = false;

        var pages = await PagesAsync(query);

        Assert.Equal(Enumerable.Range(0, 5).Reverse().Select(Sort), pages.SelectMany(page => page.Items).Select(item => item["sk"].S));
    }

    [Theory]
    [InlineData("#pk > :pk", "missed key schema element")]
    [InlineData("#pk = :pk OR #pk = :pk", "missed key schema element")]
    [InlineData("#pk = :other", "is not defined")]
    [InlineData("pk = :pk", "unused in expressions")]
    [InlineData("#pk = = :pk", "Syntax error")]
    [InlineData("#pk = :pk §", "Syntax error")]
    public async Task A_wrong_key_condition_is_refused(string condition, string reason)
    {
        var error = await Assert.ThrowsAsync<AmazonDynamoDBException>(() => Client.QueryAsync(Query(condition: condition)));

        Assert.Equal("ValidationException", error.ErrorCode);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private static QueryRequest Query(int? limit = null, string condition = "#pk = :pk") => new(Table)
    {
        KeyConditionExpression = condition,
        ExpressionAttributeNames = new Dictionary<string, string> { ["#pk"] = "pk" },
        ExpressionAttributeValues = new Dictionary<string, AttributeValue> { [":pk"] = new("p") },
        ConsistentRead = true,
        Limit = limit,
        ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
    };

    private async Task<List<QueryResponse>> PagesAsync(QueryRequest query)
    {
        var pages = new List<QueryResponse>();
        do
        {
            pages.Add(await Client.QueryAsync(query));
            query.ExclusiveStartKey = pages[^1].LastEvaluatedKey;
        }
        while (query.ExclusiveStartKey is { Count: > 0 } && pages.Count < 100);
        return pages;
    }
}
