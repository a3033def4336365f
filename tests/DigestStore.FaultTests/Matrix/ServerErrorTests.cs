using System.Text.Json.Nodes;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

public sealed class ServerErrorTests
{
    private const string Html = "<html><body><h1>s3cr3t gateway page</h1></body></html>";

    [Theory]
    [InlineData("BatchGetItem", 1)]
    [InlineData("BatchGetItem", 2)]
    [InlineData("BatchWriteItem", 1)]
    [InlineData("BatchWriteItem", 2)]
    [InlineData("UpdateItem", 1)]
    [InlineData("UpdateItem", 2)]
    [FaultRow(11, "A 500 once or twice", "The request is retried and everything is stored.")]
    public async Task A_500_that_passes_is_retried(string operation, int times)
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On(operation).Answer(Fault.InternalServerError()).Times(times);

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(20));

        Assert.Equal((StoreStatus.Stored, 20, times), (result.Status, result.Inserted, result.Cost.Retries));
        Assert.Empty(result.Problems);
        Assert.Equal(3 + times, scenario.Server.Requests.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [FaultRow(11, "A 500 for ever", "The store fails after MaxAttempts with the reason Unavailable.")]
    public async Task A_500_for_ever_is_a_bounded_failure(int attempts)
    {
        await using var scenario = FaultScenario.Start(options => options.MaxAttempts = attempts);
        scenario.Server.On("BatchWriteItem").Answer(Fault.InternalServerError());

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(20));

        Assert.Equal((StoreStatus.Failed, 20), (result.Status, result.Failed));
        Assert.All(result.Problems, problem => Assert.Equal(StoreProblemReason.Unavailable, problem.Reason));
        scenario.AssertRequests(compares: 1, writes: attempts, headers: 0);
    }

    [Fact]
    [FaultRow(11, "A 500 for ever", "Many batches cost the attempts of the workers, not of every batch.")]
    public async Task A_500_for_ever_does_not_cost_every_batch_its_attempts()
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On("BatchWriteItem").Answer(Fault.InternalServerError());

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(1000));

        Assert.Equal(1000, result.Failed);
        Assert.InRange(scenario.Server.Requests.CountOf("BatchWriteItem"), 3, 3 * 8);
    }

    [Theory]
    [InlineData("500")]
    [InlineData("503")]
    [FaultRow(12, "The batch is applied, and answered with a 500", "The same items are put again: one record each, with the first createdAt and one revision.")]
    public async Task A_batch_that_was_applied_and_answered_with_an_error_is_put_again_unchanged(string answer)
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On("BatchWriteItem").Answer(Fault.Applied(answer == "500" ? Fault.InternalServerError() : Fault.Status(503, Html))).Once();

        StoreResult inserted = await scenario.StoreAsync(FaultScenario.Items(20));
        Assert.Equal((StoreStatus.Stored, 20), (inserted.Status, inserted.Inserted));
        AssertSentTwiceTheSame(scenario.Writes());
        Dictionary<string, string> createdAt = scenario.ServerItems().ToDictionary(Key, item => Text(item, "createdAt"));
        Assert.Equal(20, createdAt.Count);
        Assert.All(scenario.ServerItems(), item => Assert.Equal("1", item["revision"]!["N"]!.GetValue<string>()));

        scenario.Server.On("BatchWriteItem").Answer(Fault.Applied(Fault.InternalServerError())).Once();
        StoreResult updated = await scenario.StoreAsync([.. FaultScenario.Items(20).Select(item => item with { Summary = "new" })]);

        Assert.Equal((StoreStatus.Stored, 20), (updated.Status, updated.Updated));
        AssertSentTwiceTheSame([.. scenario.Writes().Skip(2)]);
        Assert.All(scenario.ServerItems(), item => Assert.Equal("2", item["revision"]!["N"]!.GetValue<string>()));
        Assert.Equal(createdAt, scenario.ServerItems().ToDictionary(Key, item => Text(item, "createdAt")));
        scenario.AssertRequests(compares: 2, writes: 4, headers: 2);
    }

    [Theory]
    [InlineData("reset")]
    [InlineData("close")]
    [InlineData("stall")]
    [InlineData("half an answer")]
    [FaultRow(13, "The batch is applied, and no answer comes", "The same items are put again: one record each.")]
    public async Task A_batch_that_was_applied_and_never_answered_is_put_again_unchanged(string end)
    {
        await using var scenario = FaultScenario.StartOnVirtualTime();
        scenario.Server.On("BatchWriteItem").Answer(AppliedThen(end)).Once();

        StoreResult result = await scenario.StoreOnVirtualTimeAsync(FaultScenario.Items(20));

        Assert.Equal((StoreStatus.Stored, 20, 1), (result.Status, result.Inserted, result.Cost.Retries));
        AssertSentTwiceTheSame(scenario.Writes());
        Assert.Equal(20, scenario.ServerItems().Count);
        scenario.AssertRequests(compares: 1, writes: 2, headers: 1);
    }

    [Theory]
    [InlineData("reset")]
    [InlineData("close")]
    [InlineData("stall")]
    [InlineData("half an answer")]
    [FaultRow(13, "Every batch is applied, and no answer ever comes", "The items are Failed with OutcomeUnknown, never reported as stored; the next run finds them unchanged.")]
    public async Task Batches_that_are_never_answered_are_reported_as_unknown(string end)
    {
        await using var scenario = FaultScenario.StartOnVirtualTime(options => options.AttemptTimeout = TimeSpan.FromSeconds(3));
        scenario.Server.On("BatchWriteItem").Answer(AppliedThen(end));
        DigestItem[] items = FaultScenario.Items(20);

        StoreResult result = await scenario.StoreOnVirtualTimeAsync(items);

        Assert.Equal((StoreStatus.Failed, 20), (result.Status, result.Failed));
        Assert.All(result.Problems, problem => Assert.Equal(StoreProblemReason.OutcomeUnknown, problem.Reason));
        scenario.AssertRequests(compares: 1, writes: 3, headers: 0);

        scenario.Server.ClearRules();
        StoreResult again = await scenario.StoreOnVirtualTimeAsync(items);
        Assert.Equal((StoreStatus.Stored, 20), (again.Status, again.Unchanged));
    }

    [Theory]
    [InlineData("throttled")]
    [InlineData("unprocessed")]
    [InlineData("denied")]
    [InlineData("refused")]
    [InlineData("too large")]
    [InlineData("no table")]
    [FaultRow(12, "The batch is applied and answered with a 500, and its retries are turned away", "What a later attempt says does not make the first one undone: the items are OutcomeUnknown.")]
    public async Task A_500_leaves_the_outcome_unknown_when_the_retries_are_turned_away(string then)
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On("BatchWriteItem").Answer(Fault.Applied(Fault.InternalServerError())).Once();
        scenario.Server.On("BatchWriteItem").Answer(TurnedAway(then));

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(20));

        Assert.Equal((StoreStatus.Failed, 20), (result.Status, result.Failed));
        Assert.All(result.Problems, problem => Assert.Equal(StoreProblemReason.OutcomeUnknown, problem.Reason));
        Assert.Equal(20, scenario.ServerItems().Count);
    }

    [Theory]
    [InlineData("throttled")]
    [InlineData("unprocessed")]
    [InlineData("denied")]
    [InlineData("refused")]
    [InlineData("too large")]
    [InlineData("no table")]
    [FaultRow(13, "The batch is applied without an answer, and its retries are turned away", "What a later attempt says does not make the first one undone: the items stay OutcomeUnknown.")]
    public async Task An_unknown_outcome_stays_unknown_when_the_retries_are_turned_away(string then)
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On("BatchWriteItem").Answer(Fault.Applied(Fault.Reset())).Once();
        scenario.Server.On("BatchWriteItem").Answer(TurnedAway(then));

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(20));

        Assert.Equal((StoreStatus.Failed, 20), (result.Status, result.Failed));
        Assert.All(result.Problems, problem => Assert.Equal(StoreProblemReason.OutcomeUnknown, problem.Reason));
        Assert.Equal(20, scenario.ServerItems().Count);
    }

    [Theory]
    [InlineData(502, Html)]
    [InlineData(502, "")]
    [InlineData(503, Html)]
    [InlineData(503, "")]
    [InlineData(504, Html)]
    [InlineData(504, "")]
    [FaultRow(14, "A 502, 503 or 504 with HTML or without a body", "It is transient: retried, and Unavailable if it lasts.")]
    public async Task A_gateway_error_is_transient(int status, string body)
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.OnAny().When(request => request.Number == 1).Answer(Fault.Status(status, body));
        StoreResult once = await scenario.StoreAsync(FaultScenario.Items(20));
        Assert.Equal((StoreStatus.Stored, 20, 3), (once.Status, once.Inserted, once.Cost.Retries));
        scenario.AssertRequests(compares: 2, writes: 2, headers: 2);

        scenario.Server.ClearRules();
        scenario.Server.On("BatchWriteItem").Answer(Fault.Status(status, body));
        StoreResult always = await scenario.StoreAsync(FaultScenario.Items(20, from: 100));

        Assert.Equal((StoreStatus.Failed, 20), (always.Status, always.Failed));
        Assert.All(always.Problems, problem => Assert.Equal(StoreProblemReason.Unavailable, problem.Reason));
        scenario.AssertRequests(compares: 3, writes: 5, headers: 2);
    }

    [Theory]
    [InlineData("")]
    [InlineData("BrandNewException")]
    [InlineData("html")]
    [FaultRow(15, "A 400 with an empty body or an unknown code", "It is permanent: sent once, and the store stops.")]
    public async Task A_400_that_says_nothing_known_is_permanent(string code)
    {
        Fault fault = code switch
        {
            "" => Fault.Status(400),
            "html" => Fault.Status(400, Html),
            _ => Fault.Error(code, FaultScenario.SecretMarker),
        };
        await using var scenario = FaultScenario.Start(options => options.MaxConcurrency = 1);
        scenario.Server.On("BatchWriteItem").Answer(fault);

        StoreResult write = await scenario.StoreAsync(FaultScenario.Items(1000));

        Assert.Equal((StoreStatus.Failed, 1000), (write.Status, write.Failed));
        scenario.AssertRequests(compares: 1, writes: 1, headers: 0);

        scenario.Server.On("Query").Answer(fault);
        StoreResult compare = await scenario.StoreAsync(FaultScenario.Items(1000));

        Assert.Equal((StoreStatus.Failed, 1000), (compare.Status, compare.Failed));
        scenario.AssertRequests(compares: 2, writes: 1, headers: 0);
    }

    [Theory]
    [InlineData("s3cr3t title: not a code")]
    [InlineData("Evil\r\n2026-11-21 [Error] s3cr3t")]
    [InlineData("Evil\u2028\u001b[31ms3cr3t")]
    [InlineData("<s3cr3t/>")]
    [FaultRow(15, "A 400 whose code is a text, such as an echo of the item or a forged log line", "What is no identifier is not kept as a code, so it reaches neither log nor result.")]
    public async Task A_code_that_is_no_identifier_reaches_neither_log_nor_result(string code)
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On("BatchWriteItem").Answer(Fault.Error(code));

        // The common oracle looks for the marker.
        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(10));

        Assert.Equal((StoreStatus.Failed, 10), (result.Status, result.Failed));
        Assert.DoesNotContain(Assert.Single(scenario.Log.Entries).Message, character => char.IsControl(character) || character == '\u2028');
        scenario.AssertRequests(compares: 1, writes: 1, headers: 0);
    }

    [Fact]
    [FaultRow(16, "A 413 for batches that are too large", "The batch is split until it passes.")]
    public async Task A_batch_that_is_too_large_for_a_proxy_is_split()
    {
        await using var scenario = FaultScenario.Start(options => options.MaxConcurrency = 1);
        scenario.Server.On("BatchWriteItem").When(request => request.Writes.Count() > 7).Answer(Fault.Status(413, Html));

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(50));

        Assert.Equal((StoreStatus.Stored, 50), (result.Status, result.Inserted));

        // 25 in halves of 12 and 13, quarters of 6, 6, 6 and 7: 7 requests a batch.
        scenario.AssertRequests(compares: 1, writes: 14, headers: 1);
    }

    [Fact]
    [FaultRow(16, "A 413 for every batch", "It is permanent: bounded by one bisection, and the store stops.")]
    public async Task A_413_for_everything_ends_after_one_bisection()
    {
        await using var scenario = FaultScenario.Start(options => options.MaxConcurrency = 1);
        scenario.Server.On("BatchWriteItem").Answer(Fault.Status(413, Html));

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(1000));

        Assert.Equal((StoreStatus.Failed, 1000), (result.Status, result.Failed));
        scenario.AssertRequests(compares: 1, writes: 49, headers: 0);
    }

    private static Fault TurnedAway(string how) => how switch
    {
        "throttled" => Fault.Throttle(),
        "unprocessed" => Fault.Unprocessed(),
        "refused" => Fault.Error("ValidationException"),
        "too large" => Fault.Status(413),
        "no table" => Fault.Error("ResourceNotFoundException"),
        _ => Fault.Error("AccessDeniedException"),
    };

    private static Fault AppliedThen(string end) => end switch
    {
        "reset" => Fault.Applied(Fault.Reset()),
        "close" => Fault.Applied(Fault.Close()),
        "stall" => Fault.Applied(Fault.Stall()),
        _ => Fault.Truncated(),
    };

    private static void AssertSentTwiceTheSame(IReadOnlyList<RecordedRequest> writes)
    {
        Assert.Equal(2, writes.Count);
        Dictionary<string, string> first = ByKey(writes[0]);
        Assert.Equal(first, ByKey(writes[1]));

        static Dictionary<string, string> ByKey(RecordedRequest request) =>
            request.Writes.Select(write => write["PutRequest"]!["Item"]!.AsObject()).ToDictionary(Key, item => item.ToJsonString());
    }

    private static string Key(JsonObject item) => Text(item, "sk");

    private static string Text(JsonObject item, string name) => item[name]!["S"]!.GetValue<string>();
}
