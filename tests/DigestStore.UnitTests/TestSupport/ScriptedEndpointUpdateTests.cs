using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace DigestStore.UnitTests.TestSupport;

public sealed class ScriptedEndpointUpdateTests : ScriptedEndpointFixture
{
    private const string Header = "SET #runs = if_not_exists(#runs, :zero) + :one, #status = if_not_exists(#status, :pending), #last = :run ADD #retries :two REMOVE #old";

    private static readonly Dictionary<string, string> Names = new()
    {
        ["#runs"] = "runs",
        ["#status"] = "status",
        ["#last"] = "lastRunId",
        ["#retries"] = "retryCount",
        ["#old"] = "old",
    };

    [Fact]
    public async Task A_header_is_made_and_then_counted_up()
    {
        await Client.UpdateItemAsync(Update("r1"));
        var second = (await Client.UpdateItemAsync(Update("r2"))).Attributes;

        Assert.Equal(("2", "pending", "r2", "4"), (second["runs"].N, second["status"].S, second["lastRunId"].S, second["retryCount"].N));
        Assert.Equal(6, Server.Database.Items(Table).Single().Count);
        Assert.Empty(Server.Requests.Problems);
    }

    [Fact]
    public async Task What_another_writer_stored_stays()
    {
        await Client.UpdateItemAsync(Update("r1"));
        var item = Server.Database.Items(Table).Single();
        item["status"]!["S"] = "delivered";
        item["old"] = new System.Text.Json.Nodes.JsonObject { ["S"] = "gone soon" };
        Server.Database.Put(Table, item);

        await Client.UpdateItemAsync(Update("r2"));

        var stored = Server.Database.Find(Table, "p", "HEADER")!;
        Assert.Equal("delivered", stored["status"]!["S"]!.GetValue<string>());
        Assert.Null(stored["old"]);
    }

    [Theory]
    [InlineData("r2", true)]
    [InlineData("r1", false)]
    public async Task A_condition_makes_it_idempotent(string secondRun, bool applied)
    {
        const string Condition = "attribute_not_exists(#last) OR (NOT #last = :run AND (#runs >= :zero OR attribute_exists(#old)))";
        await Client.UpdateItemAsync(Update("r1", Condition));

        var second = () => Client.UpdateItemAsync(Update(secondRun, Condition));

        if (applied)
        {
            Assert.Equal("2", (await second()).Attributes["runs"].N);
        }
        else
        {
            await Assert.ThrowsAsync<ConditionalCheckFailedException>(second);
            Assert.Equal("1", Server.Database.Items(Table).Single()["runs"]!["N"]!.GetValue<string>());
        }
    }

    [Theory]
    [InlineData("NONE", null)]
    [InlineData("ALL_NEW", "lastRunId,pk,retryCount,runs,sk,status")]
    [InlineData("ALL_OLD", "lastRunId,pk,retryCount,runs,sk,status")]
    [InlineData("UPDATED_NEW", "lastRunId,retryCount,runs")]
    public async Task Return_values_are_honoured(string wanted, string? expected)
    {
        await Client.UpdateItemAsync(Update("r1"));
        var update = Update("r2");
        update.ReturnValues = wanted;

        var returned = (await Client.UpdateItemAsync(update)).Attributes;

        Assert.Equal(expected, returned is null or { Count: 0 } ? null : string.Join(',', returned.Keys.Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("SET #runs = #runs + :one", "does not exist in the item")]
    [InlineData("SET pk = :one, #runs = :one", "part of the key")]
    [InlineData("SET #runs = :one, #runs = :one", "overlap")]
    [InlineData("FROB #runs", "Syntax error")]
    public async Task A_wrong_update_is_refused_and_changes_nothing(string expression, string reason)
    {
        var update = new UpdateItemRequest
        {
            TableName = Table,
            Key = Key("HEADER"),
            UpdateExpression = expression,
            ExpressionAttributeNames = new Dictionary<string, string> { ["#runs"] = "runs" },
            ExpressionAttributeValues = new Dictionary<string, AttributeValue> { [":one"] = new() { N = "1" } },
        };

        var error = await Assert.ThrowsAsync<AmazonDynamoDBException>(() => Client.UpdateItemAsync(update));

        Assert.Equal("ValidationException", error.ErrorCode);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Empty(StoredSorts);
    }

    [Fact]
    public async Task Single_items_are_put_got_and_deleted()
    {
        await Client.PutItemAsync(Table, Item(1));
        Assert.Equal("t", (await Client.GetItemAsync(Table, Key(Sort(1)))).Item["title"].S);

        var deleted = await Client.DeleteItemAsync(Table, Key(Sort(1)), ReturnValue.ALL_OLD);

        Assert.Equal("t", deleted.Attributes["title"].S);
        Assert.False((await Client.GetItemAsync(Table, Key(Sort(1)))).IsItemSet);
    }

    [Fact]
    public async Task What_it_does_not_know_is_a_problem_that_a_test_can_see()
    {
        await Assert.ThrowsAsync<AmazonDynamoDBException>(() => Client.ScanAsync(new ScanRequest(Table)));

        Assert.IsType<NotSupportedException>(Assert.Single(Server.Requests.Problems));
    }

    private static UpdateItemRequest Update(string run, string? condition = null) => new()
    {
        TableName = Table,
        Key = Key("HEADER"),
        UpdateExpression = Header,
        ConditionExpression = condition,
        ExpressionAttributeNames = new Dictionary<string, string>(Names),
        ExpressionAttributeValues = new Dictionary<string, AttributeValue>
        {
            [":zero"] = new() { N = "0" },
            [":one"] = new() { N = "1" },
            [":two"] = new() { N = "2" },
            [":pending"] = new("pending"),
            [":run"] = new(run),
        },
        ReturnValues = ReturnValue.ALL_NEW,
    };
}
