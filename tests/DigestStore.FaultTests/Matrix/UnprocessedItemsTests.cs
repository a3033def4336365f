using System.Text.Json.Nodes;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

public sealed class UnprocessedItemsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [FaultRow(5, "Half of each batch comes back unprocessed for some rounds, then all is well", "Only what came back is sent again; everything is stored.")]
    public async Task Only_what_came_back_unprocessed_is_sent_again(int rounds)
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On("BatchWriteItem").Answer(Fault.Unprocessed(0.5)).Times(rounds);

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(25));

        Assert.Equal((StoreStatus.Stored, 25, rounds), (result.Status, result.Inserted, result.Cost.Retries));
        scenario.AssertRequests(compares: 1, writes: rounds + 1, headers: 1);
        IReadOnlyList<string>? leftOver = null;
        foreach (RecordedRequest write in scenario.Writes())
        {
            IReadOnlyList<string> keys = write.Keys();
            Assert.Equal((leftOver ?? keys).Order(), keys.Order());
            leftOver = [.. keys.Skip(keys.Count - (int)Math.Ceiling(keys.Count * 0.5))];
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [FaultRow(5, "Half of each batch comes back unprocessed for some rounds, then all is well", "With many batches at once, too, nothing that was stored is sent again.")]
    public async Task With_many_batches_nothing_that_was_stored_is_sent_again(int rounds)
    {
        await using var scenario = FaultScenario.Start(options => options.MaxAttempts = 10);
        var sent = new Dictionary<string, int>();
        bool IsLeftOver(string key) => ComesBack(key) && sent[key] <= rounds;
        scenario.Server.On("BatchWriteItem").Answer(request =>
        {
            foreach (string key in request.Keys())
            {
                sent[key] = sent.GetValueOrDefault(key) + 1;
            }

            HashSet<string> left = [.. request.Keys().Where(IsLeftOver)];
            return Fault.Unprocessed(write => left.Contains(write["PutRequest"]!["Item"]!["sk"]!["S"]!.GetValue<string>()));
        });

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(200));

        Assert.Equal((StoreStatus.Stored, 200), (result.Status, result.Inserted));
        Assert.All(sent, key => Assert.Equal(ComesBack(key.Key) ? rounds + 1 : 1, key.Value));
        scenario.AssertWritesAreLegal();

        static bool ComesBack(string key) => key[^1] is '0' or '2' or '4' or '6' or '8' or 'a' or 'c' or 'e';
    }

    [Fact]
    [FaultRow(6, "Some keys come back unprocessed for ever", "The rounds are bounded; exactly those keys are reported as failed.")]
    public async Task Keys_that_never_clear_are_exactly_the_failed_ones()
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On("BatchWriteItem").Answer(Fault.Unprocessed(write => IsStuck(write["PutRequest"]!["Item"]!["title"]!["S"]!.GetValue<string>())));
        DigestItem[] items = FaultScenario.Items(100);

        StoreResult result = await scenario.StoreAsync(items);

        int[] stuck = [.. Enumerable.Range(0, 100).Where(n => IsStuck(items[n].Title))];
        Assert.Equal((StoreStatus.PartiallyStored, 90, 10), (result.Status, result.Inserted, result.Failed));
        StoreProblem[] failed = [.. result.Problems.Where(problem => problem.Outcome == DigestItemOutcome.Failed)];
        Assert.Equal(stuck, failed.Select(problem => problem.Index!.Value).Order());
        Assert.All(failed, problem => Assert.Equal(StoreProblemReason.Throttled, problem.Reason));
        Assert.All(failed, problem => Assert.True(DigestItemId.TryCreate(items[problem.Index!.Value].Url, out DigestItemId id) && id == problem.Id));

        // Four batches are admitted in part, and each of them may renew the three attempts of each of the four workers.
        Assert.InRange(scenario.Server.Requests.CountOf("BatchWriteItem"), 5, 4 + (4 * 3 * 4));
        scenario.AssertWritesAreLegal();

        static bool IsStuck(string title) => title[^1] == '7';
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [FaultRow(6, "Whole batches come back unprocessed for ever", "A batch is sent MaxAttempts times, then the store gives up.")]
    [FaultRow(7, "All 25 items come back each time", "The rounds have a growing back-off between them and are bounded by MaxAttempts.")]
    public async Task A_batch_that_always_comes_back_whole_is_sent_as_often_as_attempts_allow(int attempts)
    {
        await using var scenario = FaultScenario.Start(options =>
        {
            options.MaxAttempts = attempts;
            options.ThrottleDelay = TimeSpan.FromMilliseconds(40);
            options.MaxRetryDelay = TimeSpan.FromMilliseconds(80);
        });
        scenario.Server.On("BatchWriteItem").Answer(Fault.Unprocessed());

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(25));

        Assert.Equal((StoreStatus.Failed, 25), (result.Status, result.Failed));
        scenario.AssertRequests(compares: 1, writes: attempts, headers: 0);
        IReadOnlyList<RecordedRequest> writes = scenario.Writes();
        for (int round = 1; round < writes.Count; round++)
        {
            double least = (round == 1 ? 20 : 40) - 5;
            Assert.True((writes[round].At - writes[round - 1].At).TotalMilliseconds >= least, $"round {round} came after {writes[round].At - writes[round - 1].At}");
        }
    }

    [Fact]
    [FaultRow(7, "One item is admitted per round", "Progress does not move the deadline: the store ends at it with true counts.")]
    public async Task Progress_of_one_item_a_round_does_not_move_the_deadline()
    {
        await using var scenario = FaultScenario.StartOnVirtualTime();
        scenario.Server.On("BatchWriteItem").Answer(Fault.Delay(TimeSpan.FromMilliseconds(100), Fault.ProcessOnly(1)));

        StoreResult result = await scenario.StoreOnVirtualTimeAsync(FaultScenario.Items(1000), new StoreCallOptions { Deadline = TimeSpan.FromSeconds(3) });

        Assert.Equal(StoreStatus.PartiallyStored, result.Status);
        Assert.InRange(result.Inserted, 1, 999);
        Assert.Contains(result.Problems, problem => problem.Reason is StoreProblemReason.DeadlineExceeded or StoreProblemReason.OutcomeUnknown);
    }

    [Fact]
    [FaultRow(7, "One item is admitted per round", "It is progress, so the store goes on until all is stored.")]
    public async Task One_item_a_round_is_enough_to_finish_in_time()
    {
        await using var scenario = FaultScenario.StartOnVirtualTime();
        scenario.Server.On("BatchWriteItem").Answer(Fault.ProcessOnly(1));

        StoreResult result = await scenario.StoreOnVirtualTimeAsync(FaultScenario.Items(25));

        Assert.Equal((StoreStatus.Stored, 25), (result.Status, result.Inserted));
        scenario.AssertRequests(compares: 1, writes: 25, headers: 1);
    }

    [Fact]
    [FaultRow(7, "One item is left over in every round", "Leftovers are packed together; what never clears is bounded.")]
    public async Task One_item_left_over_in_every_round_costs_few_requests()
    {
        await using var scenario = FaultScenario.Start(options => options.MaxConcurrency = 1);
        scenario.Server.On("BatchWriteItem").Answer(Fault.Unprocessed(0.001));

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(100));

        // The leftovers of 4 batches make a fifth one of 4, of which one is left, which comes back three times.
        Assert.Equal((StoreStatus.PartiallyStored, 99, 1), (result.Status, result.Inserted, result.Failed));
        Assert.InRange(scenario.Server.Requests.CountOf("BatchWriteItem"), 5, 9);
    }

    [Theory]
    [InlineData("absent")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"digests":[]}""")]
    [InlineData("""{"digests":null}""")]
    [FaultRow(8, "UnprocessedItems is absent, null, or empty at either level", "It is success.")]
    public async Task Nothing_unprocessed_is_success_however_it_is_worded(string unprocessed)
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On("BatchWriteItem").Answer(Fault.RewriteBody(body =>
        {
            body.Remove("UnprocessedItems");
            if (unprocessed != "absent")
            {
                body["UnprocessedItems"] = JsonNode.Parse(unprocessed);
            }
        }));

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(50));

        Assert.Equal((StoreStatus.Stored, 50, 0), (result.Status, result.Inserted, result.Cost.Retries));
        Assert.Empty(result.Problems);
        scenario.AssertRequests(compares: 1, writes: 2, headers: 1);
    }

    [Theory]
    [InlineData("""{"another-table":[{"PutRequest":{"Item":{"pk":{"S":"a"},"sk":{"S":"ITEM#00000000000000000000000000000000"}}}}]}""")]
    [InlineData("""{"digests":[{"PutRequest":{"Item":{"pk":{"S":"a"},"sk":{"S":"ITEM#00000000000000000000000000000000"}}}}]}""")]
    [InlineData("""{"digests":[{"DeleteRequest":{"Key":{"pk":{"S":"a"},"sk":{"S":"b"}}}}]}""")]
    [InlineData("""{"digests":[{"PutRequest":{"Item":{"pk":{"S":"DIGEST#daily#2026-11-21"},"sk":{"S":"ITEM#00000000000000000000000000000000"}}}}]}""")]
    [FaultRow(9, "UnprocessedItems names keys that were never sent, or another table", "Strangers are ignored; there is no loop and the counts add up.")]
    public async Task Strangers_among_the_unprocessed_are_ignored(string strangers)
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On("BatchWriteItem").Answer(Fault.RewriteBody(body => body["UnprocessedItems"] = JsonNode.Parse(strangers)));

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(30));

        Assert.Equal((StoreStatus.Stored, 30, 0), (result.Status, result.Inserted, result.Cost.Retries));
        scenario.AssertRequests(compares: 1, writes: 2, headers: 1);
        Assert.Equal(30, scenario.ServerItems().Count);
    }

    [Theory]
    [InlineData("another table")]
    [InlineData("another partition")]
    [InlineData("upper case")]
    [InlineData("no key")]
    [InlineData("no record")]
    [InlineData("nothing")]
    [FaultRow(9, "UnprocessedItems names the items under another table, partition or spelling, or by no key at all", "Nobody can tell what was stored: nothing is claimed, and the batch ends as OutcomeUnknown.")]
    public async Task What_cannot_be_matched_among_the_unprocessed_is_not_taken_for_stored(string how)
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On("BatchWriteItem").Answer(request => Fault.Json(new JsonObject
        {
            ["UnprocessedItems"] = new JsonObject
            {
                [how == "another table" ? "other" : "digests"] = new JsonArray([.. request.Writes.Select(write => Garble(write.DeepClone().AsObject(), how))]),
            },
        }.ToJsonString()));

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(20));

        Assert.Equal((StoreStatus.Failed, 0, 20), (result.Status, result.Inserted, result.Failed));
        Assert.All(result.Problems, problem => Assert.Equal(StoreProblemReason.OutcomeUnknown, problem.Reason));
        scenario.AssertRequests(compares: 1, writes: DigestStoreDefaults.MaxAttempts, headers: 0);
    }

    [Fact]
    [FaultRow(9, "UnprocessedItems names the table by its ARN", "It is the same table: what came back is sent again.")]
    public async Task Leftovers_of_a_table_that_is_named_by_its_arn_are_sent_again()
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On("BatchWriteItem").Answer(request => Fault.Json(new JsonObject
        {
            ["UnprocessedItems"] = new JsonObject
            {
                ["arn:aws:dynamodb:us-east-1:000000000000:table/digests"] = new JsonArray([.. request.Writes.Select(write => write.DeepClone())]),
            },
        }.ToJsonString())).Once();

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(20));

        Assert.Equal((StoreStatus.Stored, 20, 1), (result.Status, result.Inserted, result.Cost.Retries));
        scenario.AssertRequests(compares: 1, writes: 2, headers: 1);
    }

    [Fact]
    [FaultRow(9, "UnprocessedItems has more items than were sent", "Each key counts once; it is sent again once.")]
    public async Task A_key_that_is_named_many_times_as_unprocessed_is_sent_again_once()
    {
        await using var scenario = FaultScenario.Start();
        RecordedRequest? first = null;
        scenario.Server.On("BatchWriteItem").Answer(request =>
        {
            first = request;
            return Fault.Json(new JsonObject
            {
                ["UnprocessedItems"] = new JsonObject
                {
                    ["digests"] = new JsonArray([.. Enumerable.Repeat(request.Writes, 3).SelectMany(writes => writes).Select(write => (JsonNode)write.DeepClone())]),
                },
            }.ToJsonString());
        }).Once();

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(10));

        Assert.Equal((StoreStatus.Stored, 10), (result.Status, result.Inserted));
        scenario.AssertRequests(compares: 1, writes: 2, headers: 1);
        scenario.AssertWritesAreLegal();
        Assert.Equal(first!.Keys().Order(), scenario.Writes()[1].Keys().Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [FaultRow(10, "Leftovers are packed together with the next batch", "No request has more than 25 items or a key twice.")]
    public async Task Leftovers_fill_up_later_batches_and_never_overfill_them(int workers)
    {
        await using var scenario = FaultScenario.Start(options => options.MaxConcurrency = workers);
        scenario.Server.On("BatchWriteItem").Answer(Fault.Unprocessed(0.4)).Times(4);

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(240));

        Assert.Equal((StoreStatus.Stored, 240), (result.Status, result.Inserted));
        scenario.AssertWritesAreLegal();
        IReadOnlyList<RecordedRequest> writes = scenario.Writes();
        Assert.Equal(280, writes.Sum(write => write.Keys().Count));
        if (workers == 1)
        {
            // 240 items and 40 leftovers in full batches: 12 requests, of which the last has the rest.
            Assert.Equal(12, writes.Count);
            Assert.All(writes.SkipLast(1), write => Assert.Equal(25, write.Keys().Count));
        }
    }

    private static JsonObject Garble(JsonObject write, string how)
    {
        JsonObject record = write["PutRequest"]!["Item"]!.AsObject();
        switch (how)
        {
            case "another partition":
                record["pk"]!["S"] = "DIGEST#other#2026-11-21";
                break;
            case "upper case":
                record["sk"]!["S"] = "ITEM#" + record["sk"]!["S"]!.GetValue<string>()[5..].ToUpperInvariant();
                break;
            case "no key":
                record["SK"] = record["sk"]!.DeepClone();
                record.Remove("sk");
                break;
            case "no record":
                write["PutRequest"] = new JsonObject();
                break;
            case "nothing":
                return [];
        }

        return write;
    }
}
