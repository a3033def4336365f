using Amazon.DynamoDBv2;
using Amazon.Runtime;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

/// <summary>The host's own client with the SDK's own settings, which retries behind the library's back and follows redirects.</summary>
public sealed class InjectedClientTests
{
    private const int RiskyClientEvent = 301;
    private const string Setting = "The host injects a client with the SDK's own settings (3 retries, 10 more of a broken connection, 100 s, redirects followed)";

    private static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(700);

    // No 200 with other JSON types than DynamoDB's: this client would return a pooled buffer twice and harm the whole process.
    public static TheoryData<string> Faults { get; } =
    [
        "throttle", "request limit", "429", "500", "503", "500 after it was applied", "RST", "FIN", "RST in the body", "FIN in the body", "applied, then FIN",
        "stall", "100 Continue, then stall", "stall in the body", "slow headers", "slow body", "garbage", "bad chunk", "wrong checksum", "empty 200", "HTML 200",
        "access denied", "missing table", "bad credentials", "clock skew", "validation",
    ];

    [Theory]
    [MemberData(nameof(Faults))]
    [FaultRow(93, Setting, "The deadline holds, counts and claims are true, and one warning says what to set.")]
    public async Task Every_fault_is_bounded_with_a_client_of_the_hosts(string fault)
    {
        foreach (string operation in (string[])["Query", "BatchWriteItem"])
        {
            await using Host host = Host.Start();
            host.Scenario.Server.On(operation).Answer(Of(fault));

            StoreResult result = await host.Scenario.StoreAsync(FaultScenario.Items(30));
            await host.Scenario.StoreAsync(FaultScenario.Items(30));

            Assert.True(result.Status is StoreStatus.Failed or StoreStatus.PartiallyStored || fault is "slow headers" or "slow body", $"{operation}: {result.Status}");
            AssertWarnedOnce(host.Scenario);
        }
    }

    [Fact]
    [FaultRow(93, Setting, "The deadline holds, counts and claims are true, and one warning says what to set.")]
    public async Task Items_that_are_never_processed_are_bounded_with_a_client_of_the_hosts()
    {
        await using Host host = Host.Start();
        host.Scenario.Server.On("BatchWriteItem").Answer(Fault.Unprocessed());

        StoreResult result = await host.Scenario.StoreAsync(FaultScenario.Items(30));

        Assert.Equal((StoreStatus.Failed, 30), (result.Status, result.Failed));
        AssertWarnedOnce(host.Scenario);
    }

    [Theory]
    [InlineData("validation")]
    [InlineData("throttle")]
    [InlineData("access denied")]
    [FaultRow(93, "The same client sends a batch again that was applied without an answer, and that send is turned away", "The library sees the last answer alone, so the items are OutcomeUnknown.")]
    public async Task What_the_client_sent_before_its_last_answer_may_be_stored(string then)
    {
        await using Host host = Host.Start();
        host.Scenario.Server.On("BatchWriteItem").Answer(Fault.Applied(Fault.Close())).Once();
        host.Scenario.Server.On("BatchWriteItem").Answer(Of(then));

        StoreResult result = await host.Scenario.StoreAsync(FaultScenario.Items(20));

        Assert.All(result.Problems, static problem => Assert.Equal(StoreProblemReason.OutcomeUnknown, problem.Reason));
        Assert.Equal((20, 20), (result.Failed, host.Scenario.ServerItems().Count));
    }

    [Theory]
    [InlineData("Query")]
    [InlineData("BatchWriteItem")]
    [FaultRow(93, "The same, and a redirect to a host that answers 200 {}", "The SDK takes it for success before the library sees it: the warning says so. The call is bounded and its counts sum.")]
    public async Task A_redirect_is_the_hosts_own_risk_and_the_warning_says_so(string operation)
    {
        await using var other = ScriptedEndpoint.Start();
        other.OnAny().Answer(Fault.Json("{}"));
        await using Host host = Host.Start();
        host.Scenario.Server.On(operation).Answer(Fault.Redirect(other.Uri, 301));

        var time = RealTime.Start();
        StoreResult result = await host.Scenario.Repository.StoreAsync(FaultScenario.Date, FaultScenario.Items(30), null, TestContext.Current.CancellationToken);

        time.AssertWithin(Deadline, result.Duration);
        Assert.Equal(30, result.Inserted + result.Failed);
        Assert.Contains("a redirect to a server that answers anything is taken for a stored item", AssertWarnedOnce(host.Scenario), StringComparison.Ordinal);
    }

    private static string AssertWarnedOnce(FaultScenario scenario) => Assert.Single(scenario.Log.Entries, entry => entry.Id.Id == RiskyClientEvent).Message;

    private static Fault Of(string fault) => fault switch
    {
        "throttle" => Fault.Throttle(),
        "request limit" => Fault.Error("RequestLimitExceeded"),
        "429" => Fault.Status(429),
        "500" => Fault.InternalServerError(),
        "503" => Fault.Status(503, "<html>busy</html>"),
        "500 after it was applied" => Fault.Applied(Fault.InternalServerError()),
        "RST" => Fault.Reset(),
        "FIN" => Fault.Close(),
        "RST in the body" => Fault.ResetInBody(),
        "FIN in the body" => Fault.Truncated(),
        "applied, then FIN" => Fault.Applied(Fault.Close()),
        "stall" => Fault.Stall(),
        "100 Continue, then stall" => Fault.ContinueThenStall(),
        "stall in the body" => Fault.StallInBody(),
        "slow headers" => Fault.SlowAnswer(1, TimeSpan.FromMilliseconds(20)),
        "slow body" => Fault.SlowBody(1, TimeSpan.FromMilliseconds(60)),
        "garbage" => Fault.Garbage(),
        "bad chunk" => Fault.BadChunk(),
        "wrong checksum" => Fault.WrongChecksum(),
        "empty 200" => Fault.Empty200(),
        "HTML 200" => Fault.Status(200, "<html>sign in first</html>"),
        "access denied" => Fault.Error("AccessDeniedException"),
        "missing table" => Fault.Error("ResourceNotFoundException"),
        "bad credentials" => Fault.Error("UnrecognizedClientException"),
        "clock skew" => Fault.ClockSkew(TimeSpan.FromHours(3)),
        "validation" => Fault.Error("ValidationException"),
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
    };

    private sealed record Host(FaultScenario Scenario, IAmazonDynamoDB Client) : IAsyncDisposable
    {
        public static Host Start()
        {
            AmazonDynamoDBClient? client = null;
            FaultScenario scenario = FaultScenario.StartWithClient(
                uri => client = new AmazonDynamoDBClient(new BasicAWSCredentials("test", "test"), new AmazonDynamoDBConfig { ServiceURL = uri.AbsoluteUri, AuthenticationRegion = "us-east-1" }),
                options => options.Deadline = Deadline,
                allSendsAreCounted: false);
            return new Host(scenario, client!);
        }

        public async ValueTask DisposeAsync()
        {
            await Scenario.DisposeAsync();
            Client.Dispose();
        }
    }
}
