using System.Net;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using DigestStore.Testing;
using DigestStore.TestSupport;

namespace DigestStore.UnitTests.TestSupport;

public sealed class FaultTests : ScriptedEndpointFixture
{
    [Fact]
    public async Task A_rule_answers_its_request_and_no_other()
    {
        Server.On("BatchWriteItem").Nth(2).Answer(Fault.Throttle());

        await WriteAsync(0, 1);
        var throttled = await Assert.ThrowsAsync<ProvisionedThroughputExceededException>(() => WriteAsync(1, 1));
        await WriteAsync(2, 1);

        Assert.Equal(HttpStatusCode.BadRequest, throttled.StatusCode);
        Assert.NotEmpty(throttled.ThrottlingReasons);
        Assert.Equal([Sort(0), Sort(2)], StoredSorts);
    }

    [Fact]
    public async Task Rules_follow_one_another_when_used_up()
    {
        var first = Server.On("BatchWriteItem").Answer(Fault.Throttle()).Times(2);
        var second = Server.OnAny().When(request => request.Writes.Any()).Answer(Fault.InternalServerError()).Once();

        await Assert.ThrowsAsync<ProvisionedThroughputExceededException>(() => WriteAsync(0, 1));
        await Assert.ThrowsAsync<ProvisionedThroughputExceededException>(() => WriteAsync(0, 1));
        await Assert.ThrowsAsync<InternalServerErrorException>(() => WriteAsync(0, 1));
        await WriteAsync(0, 1);

        Assert.Equal((2, 1), (first.Hits, second.Hits));
    }

    [Fact]
    public async Task Cleared_rules_are_gone()
    {
        Server.OnAny().Answer(Fault.Status(503, "<html>maintenance</html>"));
        await AssertFailsAsync();

        Server.ClearRules();

        await WriteAsync(0, 1);
    }

    [Theory]
    [InlineData(0.5, 2)]
    [InlineData(1, 0)]
    public async Task A_share_of_the_batch_is_left_over(double share, int stored)
    {
        Server.On("BatchWriteItem").Answer(Fault.Unprocessed(share)).Once();

        var leftOver = (await WriteAsync(0, 4)).UnprocessedItems[Table];

        Assert.Equal(4 - stored, leftOver.Count);
        Assert.Equal(Enumerable.Range(0, stored).Select(Sort), StoredSorts);
        await WriteAsync(leftOver);
        Assert.Equal(Enumerable.Range(0, 4).Select(Sort), StoredSorts);
    }

    [Fact]
    public async Task Chosen_writes_are_left_over()
    {
        Server.On("BatchWriteItem").Answer(Fault.Unprocessed(write => write["PutRequest"]!["Item"]!["n"]!["N"]!.GetValue<string>() == "1"));

        var leftOver = (await WriteAsync(0, 3)).UnprocessedItems[Table];

        Assert.Equal(Sort(1), leftOver.Single().PutRequest.Item["sk"].S);
        Assert.Equal([Sort(0), Sort(2)], StoredSorts);
    }

    [Fact]
    public async Task An_invalid_batch_is_refused_and_not_left_over()
    {
        Server.On("BatchWriteItem").Answer(Fault.ProcessOnly(1));

        await AssertFailsAsync(() => WriteAsync(Put(1), Put(1)));

        Assert.Empty(StoredSorts);
    }

    public static TheoryData<string, bool> FailingFaults => new()
    {
        { nameof(Fault.InternalServerError), false },
        { nameof(Fault.Status), false },
        { nameof(Fault.Reset), false },
        { nameof(Fault.Close), false },
        { nameof(Fault.Garbage), false },
        { nameof(Fault.BadChunk), false },
        { nameof(Fault.Empty200), false },
        { nameof(Fault.Redirect), false },
        { nameof(Fault.ClockSkew), false },
        { nameof(Fault.ResetInBody), true },
        { nameof(Fault.Truncated), true },
        { nameof(Fault.TruncatedJson), true },
        { nameof(Fault.WrongChecksum), true },
        { "applied, then 500", true },
        { "applied, then reset", true },
    };

    [Theory]
    [MemberData(nameof(FailingFaults))]
    public async Task The_client_fails_and_the_next_request_is_unharmed(string name, bool applied)
    {
        Server.On("BatchWriteItem").Nth(1).Answer(FaultNamed(name));

        await AssertFailsAsync();

        Assert.Equal(applied, StoredSorts.Any());
        Assert.Equal(1, Server.Requests.Count);
        await WriteAsync(1, 1);
        Assert.Contains(Sort(1), StoredSorts);
        Assert.Empty(Server.Requests.Problems);
    }

    public static TheoryData<string> HarmlessFaults => [nameof(Fault.SlowBody), nameof(Fault.SlowAnswer), nameof(Fault.Delay), nameof(Fault.NoChecksumHeader), nameof(Fault.Headers), nameof(Fault.CloseAfterAnswer)];

    [Theory]
    [MemberData(nameof(HarmlessFaults))]
    public async Task The_client_succeeds_all_the_same(string name)
    {
        Server.On("BatchWriteItem").Answer(FaultNamed(name));

        await WriteAsync(0, 1);
        await WriteAsync(1, 1);

        Assert.Equal(2, Server.Requests.Count);
        Assert.Equal([Sort(0), Sort(1)], StoredSorts);
    }

    [Theory]
    [InlineData(nameof(Fault.Stall), false)]
    [InlineData(nameof(Fault.ContinueThenStall), false)]
    [InlineData(nameof(Fault.StallInBody), true)]
    public async Task A_stall_lasts_until_the_client_gives_up(string name, bool applied)
    {
        Server.On("BatchWriteItem").Nth(1).Answer(FaultNamed(name));
        using var cancel = new CancellationTokenSource();

        var stalled = Client.BatchWriteItemAsync(Batch([Put(0)]), cancel.Token);
        await Server.Requests.ArrivalOfAsync("BatchWriteItem");
        Assert.False(stalled.IsCompleted);
        await cancel.CancelAsync();

        // The SDK reads a body with blocking reads: a stall in one is only seen to end by the socket, here with the server.
        if (name != nameof(Fault.StallInBody))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stalled);
        }

        await Server.DisposeAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => stalled);
        Assert.Equal(applied, StoredSorts.Any());
    }

    [Fact]
    public async Task A_request_is_held_until_the_test_lets_it_go()
    {
        var gate = new TaskCompletionSource();
        Server.On("BatchWriteItem").Answer(Fault.Hold(gate.Task));

        var write = WriteAsync(0, 1);
        await Server.Requests.ArrivalOfAsync("BatchWriteItem");
        Assert.Empty(StoredSorts);
        gate.SetResult();
        await write;

        Assert.Equal([Sort(0)], StoredSorts);
    }

    [Fact]
    public async Task The_healthy_answer_can_be_rewritten()
    {
        Server.On("BatchWriteItem").Answer(Fault.RewriteBody(answer => answer["UnprocessedItems"] = new JsonObject
        {
            ["stranger"] = new JsonArray(new JsonObject { ["DeleteRequest"] = new JsonObject { ["Key"] = new JsonObject { ["pk"] = new JsonObject { ["S"] = "x" } } } }),
        }));

        Assert.Equal(["stranger"], (await WriteAsync(0, 1)).UnprocessedItems.Keys);
    }

    [Fact]
    public async Task Connections_are_kept_alive_until_the_server_closes_them()
    {
        await WriteAsync(0, 1);
        await WriteAsync(1, 1);
        Assert.Equal(1, Server.AcceptedConnections);

        await Server.CloseIdleConnectionsAsync();
        await WriteAsync(2, 1);

        Assert.Equal(2, Server.AcceptedConnections);
        Assert.Equal(3, Server.Requests.Count);
    }

    [Fact]
    public async Task Parallel_requests_are_counted_exactly()
    {
        Server.On("BatchWriteItem").Answer(Fault.Throttle()).Times(10);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 40).Select(async number =>
        {
            try
            {
                await WriteAsync(number, 1);
                return true;
            }
            catch (ProvisionedThroughputExceededException)
            {
                return false;
            }
        }));

        Assert.Equal(30, outcomes.Count(stored => stored));
        Assert.Equal(30, StoredSorts.Count());
        Assert.Equal(Enumerable.Range(1, 40), Server.Requests.Of("BatchWriteItem").Select(request => request.Number));
    }

    [Fact]
    public async Task Back_offs_over_the_endpoint_take_no_real_time()
    {
        var time = new VirtualTimeProvider();
        Server.On("BatchWriteItem").Answer(Fault.Throttle()).Times(5);

        await time.RunAsync(RetryAsync, () => Server.IsBusy);

        Assert.Equal(TimeSpan.FromSeconds(5), time.Elapsed);
        Assert.Equal(6, Server.Requests.Count);

        async Task RetryAsync()
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(25), time);
            for (var attempt = 0; attempt < 9; attempt++)
            {
                try
                {
                    await Client.BatchWriteItemAsync(Batch([Put(0)]), deadline.Token);
                    return;
                }
                catch (ProvisionedThroughputExceededException)
                {
                    await Task.Delay(TimeSpan.FromSeconds(1), time, deadline.Token);
                }
            }
        }
    }

    [Fact]
    public async Task Uncounted_requests_keep_no_bodies()
    {
        await using var server = ScriptedEndpoint.Start(new ScriptedEndpointOptions { KeepRequests = false });
        using var client = Engines.CreateClient(server.Uri);

        await client.BatchWriteItemAsync(Batch([Put(0)]));

        Assert.Equal((1, 0), (server.Requests.Count, server.Requests.All.Count));
    }

    [Fact]
    public async Task A_stopped_endpoint_refuses_connections()
    {
        await Server.DisposeAsync();

        await AssertFailsAsync();
        Assert.Equal(0, Server.OpenConnections);
    }

    private Fault FaultNamed(string name) => name switch
    {
        "applied, then 500" => Fault.Applied(Fault.InternalServerError()),
        "applied, then reset" => Fault.Applied(Fault.Reset()),
        nameof(Fault.InternalServerError) => Fault.InternalServerError(),
        nameof(Fault.Status) => Fault.Status(429),
        nameof(Fault.Reset) => Fault.Reset(),
        nameof(Fault.Close) => Fault.Close(),
        nameof(Fault.Garbage) => Fault.Garbage(),
        nameof(Fault.BadChunk) => Fault.BadChunk(),
        nameof(Fault.Empty200) => Fault.Empty200(),
        nameof(Fault.Redirect) => Fault.Redirect(Server.Uri),
        nameof(Fault.ClockSkew) => Fault.ClockSkew(TimeSpan.Zero),
        nameof(Fault.ResetInBody) => Fault.ResetInBody(),
        nameof(Fault.Truncated) => Fault.Truncated(),
        nameof(Fault.TruncatedJson) => Fault.TruncatedJson(),
        nameof(Fault.WrongChecksum) => Fault.WrongChecksum(),
        nameof(Fault.Stall) => Fault.Stall(),
        nameof(Fault.ContinueThenStall) => Fault.ContinueThenStall(),
        nameof(Fault.StallInBody) => Fault.StallInBody(),
        nameof(Fault.SlowBody) => Fault.SlowBody(7, TimeSpan.Zero),
        nameof(Fault.SlowAnswer) => Fault.SlowAnswer(7, TimeSpan.Zero),
        nameof(Fault.Delay) => Fault.Delay(TimeSpan.FromMilliseconds(1)),
        nameof(Fault.NoChecksumHeader) => Fault.NoChecksumHeader(),
        nameof(Fault.Headers) => Fault.Headers(("x-amzn-RequestId", "fixed")),
        nameof(Fault.CloseAfterAnswer) => Fault.CloseAfterAnswer(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    private async Task AssertFailsAsync(Func<Task>? send = null)
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(send ?? (() => WriteAsync(0, 1)));
        Assert.True(error is AmazonServiceException or AmazonClientException or IOException or HttpRequestException, error.ToString());
    }
}
