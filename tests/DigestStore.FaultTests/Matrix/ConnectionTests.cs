using System.Net;
using System.Net.Sockets;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

public sealed class ConnectionTests
{
    [Fact]
    [FaultRow(36, "The connection is refused", "The store fails after the allowed attempts; with retries off, within a few milliseconds.")]
    public async Task A_refused_connection_fails_the_store_at_once()
    {
        await using var scenario = FaultScenario.Start(options =>
        {
            options.ServiceUrl = $"http://127.0.0.1:{FreePort()}/";
            options.MaxAttempts = 1;
        });

        var fastest = TimeSpan.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            var time = RealTime.Start();
            StoreResult result = await scenario.StoreAsync(FaultScenario.Items(30));
            TimeSpan took = result.Duration - time.Lost;

            AssertNothingStored(scenario, result, requests: 1);
            fastest = took < fastest ? took : fastest;
        }

        Assert.True(fastest < TimeSpan.FromMilliseconds(250), $"the fastest of five took {fastest}, without the time in which the machine stood still");
    }

    [Fact]
    [FaultRow(37, "The host name does not resolve", "The store fails after the allowed attempts.")]
    public async Task A_host_that_does_not_resolve_fails_the_store()
    {
        if (!ChildRun.IsChild)
        {
            await ChildRun.OfThisTestAsync(typeof(ConnectionTests), [.. NoProxy, ("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test"), ("AWS_SESSION_TOKEN", null)]);
            return;
        }

        await using var scenario = FaultScenario.Start(options => options.ServiceUrl = "http://dynamodb.invalid/");

        AssertNothingStored(scenario, await scenario.StoreAsync(FaultScenario.Items(30)), requests: 3);
    }

    [Fact]
    [FaultRow(38, "A connection is never accepted", "The connect time-out ends each attempt.")]
    public async Task A_connection_that_is_never_accepted_ends_with_the_connect_timeout()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        List<Socket> queued = await FillBacklogAsync(listener.LocalEndPoint!);
        await using var scenario = FaultScenario.Start(options =>
        {
            options.ServiceUrl = $"http://{listener.LocalEndPoint}/";
            options.ConnectTimeout = TimeSpan.FromMilliseconds(100);
            options.MaxAttempts = 2;
        });

        var time = RealTime.Start();
        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(30));

        AssertNothingStored(scenario, result, requests: 2);
        time.AssertWithin((2 * scenario.Options.ConnectTimeout) + scenario.Options.RetryDelay, result.Duration);
        queued.ForEach(socket => socket.Dispose());
    }

    [Fact]
    [FaultRow(53, "The environment names a dead proxy", "As for a refused connection.")]
    public async Task A_dead_proxy_in_the_environment_fails_the_store()
    {
        if (!ChildRun.IsChild)
        {
            string proxy = $"http://127.0.0.1:{FreePort()}";
            await ChildRun.OfThisTestAsync(typeof(ConnectionTests), [.. NoProxy, ("HTTP_PROXY", proxy), ("http_proxy", proxy)]);
            return;
        }

        await using var scenario = FaultScenario.Start();

        AssertNothingStored(scenario, await scenario.StoreAsync(FaultScenario.Items(30)), requests: 3);
        Assert.Equal(0, scenario.Server.AcceptedConnections);
    }

    public static TheoryData<string, bool> Cuts { get; } = new()
    {
        { "FIN before the answer", false },
        { "RST before the answer", false },
        { "RST in the body", true },
        { "FIN in the body", true },
        { "applied, then FIN", true },
    };

    [Theory]
    [MemberData(nameof(Cuts))]
    [FaultRow(42, "The connection ends before the answer", "Sent again after a back-off, never more often than the attempts allow.")]
    [FaultRow(43, "The connection is reset before or in the answer", "As above.")]
    [FaultRow(44, "The answer is shorter than its Content-Length", "As above; half an answer is no success.")]
    public async Task A_connection_that_is_cut_for_ever_is_sent_no_more_than_the_attempts_allow(string cut, bool isApplied)
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On("BatchWriteItem").Answer(Of(cut));

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(25));

        Assert.Equal(StoreStatus.Failed, result.Status);
        Assert.Equal(3, scenario.Server.Requests.CountOf("BatchWriteItem"));
        Assert.Equal(0, scenario.Server.Requests.CountOf("UpdateItem"));
        Assert.Equal(isApplied ? 25 : 0, scenario.ServerItems().Count);
        Assert.All(result.Problems, problem => Assert.Equal(StoreProblemReason.OutcomeUnknown, problem.Reason));
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task A_connection_that_is_cut_once_costs_one_retry(string cut, bool isApplied)
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On("BatchWriteItem").Answer(Of(cut)).Once();

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(25));

        Assert.Equal(StoreStatus.Stored, result.Status);
        Assert.Equal(1, result.Cost.Retries);
        Assert.Equal(2, scenario.Server.Requests.CountOf("BatchWriteItem"));
        Assert.Equal(25, scenario.ServerItems().Count);
        Assert.All(scenario.ServerItems(), item => Assert.Equal("1", item["rev"]?["N"]?.GetValue<string>() ?? "1"));
        Assert.True(isApplied || result.Inserted == 25);
    }

    [Fact]
    [FaultRow(51, "The server closes idle connections between batches", "New connections, no failure.")]
    public async Task Connections_that_the_server_closes_in_between_are_replaced_silently()
    {
        await using var scenario = FaultScenario.Start(options => options.MaxConcurrency = 1);
        scenario.Server.OnAny().Answer(Fault.CloseAfterAnswer());

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(100));

        Assert.Equal(StoreStatus.Stored, result.Status);
        Assert.Equal(6, scenario.Server.Requests.Count);
        Assert.Equal(0, result.Cost.Retries);

        scenario.Server.ClearRules();
        await scenario.StoreAsync(FaultScenario.Items(10));
        await scenario.Server.CloseIdleConnectionsAsync();

        Assert.Equal(StoreStatus.Stored, (await scenario.StoreAsync(FaultScenario.Items(10, from: 200))).Status);
    }

    internal static IEnumerable<(string Name, string? Value)> NoProxy { get; } =
        [.. new[] { "HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy" }.Select(name => (name, (string?)null))];

    private static Fault Of(string cut) => cut switch
    {
        "FIN before the answer" => Fault.Close(),
        "RST before the answer" => Fault.Reset(),
        "RST in the body" => Fault.ResetInBody(),
        "FIN in the body" => Fault.Truncated(),
        _ => Fault.Applied(Fault.Close()),
    };

    private static void AssertNothingStored(FaultScenario scenario, StoreResult result, int requests)
    {
        Assert.Equal(StoreStatus.Failed, result.Status);
        Assert.Equal(30, result.Failed);
        Assert.Equal(requests, result.Cost.Requests);
        Assert.All(result.Problems, problem => Assert.Equal(StoreProblemReason.CompareUnavailable, problem.Reason));
        Assert.Equal(0, scenario.Server.Requests.Count);
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    // Connects until the kernel lets one wait.
    private static async Task<List<Socket>> FillBacklogAsync(EndPoint endPoint)
    {
        var queued = new List<Socket>();
        for (int count = 0; count < 16; count++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            queued.Add(socket);
            try
            {
                await socket.ConnectAsync(endPoint).WaitAsync(TimeSpan.FromMilliseconds(100));
            }
            catch (TimeoutException)
            {
                return queued;
            }
        }

        throw new InvalidOperationException("The backlog never fills here.");
    }
}
