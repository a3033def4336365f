using System.Text.Json.Nodes;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using DigestStore.TestSupport;

namespace DigestStore.UnitTests.TestSupport;

public sealed class ScriptedEndpointBatchTests : ScriptedEndpointFixture
{
    [Fact]
    public async Task A_batch_is_stored_and_its_capacity_reported()
    {
        var response = await WriteAsync(0, 25);

        Assert.Empty(response.UnprocessedItems);
        Assert.Equal(25, response.ConsumedCapacity.Single().CapacityUnits);
        Assert.Equal(Enumerable.Range(0, 25).Select(Sort), StoredSorts);
        Assert.Equal(1, Server.Requests.CountOf("BatchWriteItem"));
        Assert.Equal(25, Server.Requests.Of("BatchWriteItem").Single().Writes.Count());
        Assert.Empty(Server.Requests.Problems);
    }

    [Fact]
    public async Task Deletes_remove_and_puts_replace()
    {
        await WriteAsync(0, 3);

        await WriteAsync(Put(1, "new"), new WriteRequest(new DeleteRequest(Key(Sort(2)))));

        Assert.Equal([Sort(0), Sort(1)], StoredSorts);
        Assert.Equal("new", Server.Database.Find(Table, "p", Sort(1))!["title"]!["S"]!.GetValue<string>());
    }

    [Fact]
    public async Task Twenty_six_writes_are_refused()
    {
        await AssertRefusedAsync(Enumerable.Range(0, 26).Select(number => Put(number)), "Too many items");
    }

    [Fact]
    public async Task A_key_named_twice_refuses_the_whole_batch()
    {
        await AssertRefusedAsync([Put(1), Put(2), Put(1, "other")], "duplicates");
    }

    [Fact]
    public async Task An_item_over_400_KB_refuses_the_whole_batch()
    {
        await AssertRefusedAsync([Put(1), Put(2, new string('x', 400 * 1024))], "Item size has exceeded");
        await WriteAsync(Put(3, new string('x', 409_000)));
    }

    [Fact]
    public async Task A_value_without_a_type_refuses_the_whole_batch()
    {
        var bad = Item(2);
        bad["title"] = new AttributeValue();

        await AssertRefusedAsync([Put(1), new WriteRequest(new PutRequest(bad))], "AttributeValue is empty");
    }

    [Fact]
    public async Task An_empty_key_refuses_the_whole_batch()
    {
        var bad = Item(2);
        bad["sk"] = new AttributeValue("");

        await AssertRefusedAsync([Put(1), new WriteRequest(new PutRequest(bad))], "empty string value");
    }

    [Fact]
    public async Task Only_configured_tables_exist()
    {
        await using var server = ScriptedEndpoint.Start(new ScriptedEndpointOptions { Tables = ["other"] });
        using var client = Engines.CreateClient(server.Uri);

        await Assert.ThrowsAsync<ResourceNotFoundException>(() => client.BatchWriteItemAsync(Batch([Put(1)])));
        Assert.Equal(["other"], (await client.ListTablesAsync()).TableNames);
        Assert.Equal(TableStatus.ACTIVE, (await client.DescribeTableAsync("other")).Table.TableStatus);
    }

    [Fact]
    public async Task Keys_are_looked_up_in_a_batch()
    {
        await WriteAsync(0, 3);

        var response = await GetAsync(Key(Sort(0)), Key(Sort(2)), Key(Sort(9)));

        Assert.Equal([Sort(0), Sort(2)], response.Responses[Table].Select(item => item["sk"].S).Order());
        Assert.Empty(response.UnprocessedKeys);
    }

    [Fact]
    public async Task A_lookup_of_one_key_twice_is_refused()
    {
        var error = await Assert.ThrowsAsync<AmazonDynamoDBException>(() => GetAsync(Key(Sort(0)), Key(Sort(0))));

        Assert.Equal("ValidationException", error.ErrorCode);
    }

    [Fact]
    public async Task A_lookup_stops_at_16_MB_and_names_the_rest()
    {
        foreach (var number in Enumerable.Range(0, 45))
        {
            Server.Database.Put(Table, Json(number, new string('x', 400_000)));
        }

        var response = await GetAsync([.. Enumerable.Range(0, 45).Select(number => Key(Sort(number)))]);

        Assert.Equal(45, response.Responses[Table].Count + response.UnprocessedKeys[Table].Keys.Count);
        Assert.Equal(41, response.Responses[Table].Count);
    }

    private static JsonObject Json(int number, string title) => new()
    {
        ["pk"] = new JsonObject { ["S"] = "p" },
        ["sk"] = new JsonObject { ["S"] = Sort(number) },
        ["title"] = new JsonObject { ["S"] = title },
    };

    private Task<BatchGetItemResponse> GetAsync(params List<Dictionary<string, AttributeValue>> keys)
    {
        return Client.BatchGetItemAsync(new BatchGetItemRequest(new Dictionary<string, KeysAndAttributes> { [Table] = new() { Keys = keys, ConsistentRead = true } }));
    }

    private async Task AssertRefusedAsync(IEnumerable<WriteRequest> writes, string reason)
    {
        var error = await Assert.ThrowsAsync<AmazonDynamoDBException>(() => WriteAsync(writes));

        Assert.Equal("ValidationException", error.ErrorCode);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Empty(StoredSorts);
    }
}
