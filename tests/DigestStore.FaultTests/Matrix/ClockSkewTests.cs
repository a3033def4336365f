using System.Globalization;
using System.Text.Json.Nodes;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

public sealed class ClockSkewTests
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    // The SDK remembers an endpoint's offset for the whole process, and the system gives the ports of earlier tests again.
    private static readonly HashSet<Uri> Used = [];

    [Theory]
    [InlineData("RequestTimeTooSkewed", 3)]
    [InlineData("RequestTimeTooSkewed", -3)]
    [InlineData("InvalidSignatureException", 3)]
    [InlineData("RequestExpired", 3)]
    [FaultRow(30, "The machine's clock is 3 h off, and the answer says what time it is", "One request is signed anew with the right time, and all goes well from there on.")]
    public async Task A_wrong_clock_heals_with_one_retry(string code, int hours)
    {
        await using var scenario = StartOnNewPort();
        RefuseWrongTime(scenario.Server, code, TimeSpan.FromHours(hours), withDate: true);

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(100));

        Assert.Equal((StoreStatus.Stored, 100, 1), (result.Status, result.Inserted, result.Cost.Retries));
        Assert.Empty(result.Problems);
        scenario.AssertRequests(compares: 2, writes: 4, headers: 1);

        StoreResult next = await scenario.StoreAsync(FaultScenario.Items(100, from: 1000));
        Assert.Equal((StoreStatus.Stored, 0), (next.Status, next.Cost.Retries));
    }

    [Theory]
    [InlineData("RequestTimeTooSkewed")]
    [InlineData("InvalidSignatureException")]
    [FaultRow(30, "The machine's clock is 3 h off, and no answer says what time it is", "The store fails after one more try, with the reason CredentialsRefused, which names the clock.")]
    public async Task A_wrong_clock_without_a_date_fails_after_one_retry(string code)
    {
        await using var scenario = StartOnNewPort();
        RefuseWrongTime(scenario.Server, code, TimeSpan.FromHours(3), withDate: false);

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(100));

        Assert.Equal((StoreStatus.Failed, 100), (result.Status, result.Failed));
        Assert.All(result.Problems, problem => Assert.Equal(StoreProblemReason.CredentialsRefused, problem.Reason));
        Assert.All(result.Problems, problem => Assert.Contains("clock", problem.Message, StringComparison.Ordinal));
        scenario.AssertRequests(compares: 2, writes: 0, headers: 0);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-2)]
    [FaultRow(30, "The machine's clock is 2 min off", "Nothing happens: DynamoDB allows for it.")]
    public async Task A_clock_that_is_a_little_off_changes_nothing(int minutes)
    {
        await using var scenario = StartOnNewPort();
        RefuseWrongTime(scenario.Server, "RequestTimeTooSkewed", TimeSpan.FromMinutes(minutes), withDate: true);
        var date = (DateTimeOffset.UtcNow + TimeSpan.FromMinutes(minutes)).ToString("R", CultureInfo.InvariantCulture);
        scenario.Server.OnAny().Answer(Fault.Headers(("Date", date)));

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(100));

        Assert.Equal((StoreStatus.Stored, 100, 0), (result.Status, result.Inserted, result.Cost.Retries));
        scenario.AssertRequests(compares: 1, writes: 4, headers: 1);
    }

    [Theory]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT")]
    [InlineData("Mon, 01 Jan 0001 00:00:00 GMT")]
    [InlineData("yesterday")]
    [InlineData("")]
    [FaultRow(30, "An answer blames the clock and names an impossible time", "The store fails or heals, and the next one is unharmed.")]
    public async Task An_impossible_time_in_an_answer_harms_no_later_store(string date)
    {
        await using var scenario = StartOnNewPort();
        scenario.Server.OnAny().Answer(Fault.Custom((exchange, stop) => exchange.SendAsync(
            Reply.Error(400, "RequestTimeTooSkewed", "scripted") with { Headers = new Dictionary<string, string?> { ["Date"] = date } }, stop)));

        StoreResult blamed = await scenario.StoreAsync(FaultScenario.Items(10));

        Assert.Equal((StoreStatus.Failed, 10), (blamed.Status, blamed.Failed));
        Assert.InRange(scenario.Server.Requests.Count, 1, 2);

        scenario.Server.ClearRules();
        RefuseWrongTime(scenario.Server, "RequestTimeTooSkewed", TimeSpan.Zero, withDate: true);
        StoreResult next = await scenario.StoreAsync(FaultScenario.Items(10));
        Assert.Equal((StoreStatus.Stored, 10), (next.Status, next.Inserted));
    }

    // As the service does it: what is signed more than 5 minutes off its own clock is refused.
    private static void RefuseWrongTime(ScriptedEndpoint server, string code, TimeSpan serverIsAhead, bool withDate) =>
        server.OnAny().When(request => (SignedAt(request) - (DateTimeOffset.UtcNow + serverIsAhead)).Duration() > Tolerance).Answer(withDate
            ? Fault.ClockSkew(serverIsAhead, code)
            : Fault.Custom((exchange, stop) => exchange.SendAsync(
                Reply.Of(400, new JsonObject { ["__type"] = "com.amazonaws.dynamodb.v20120810#" + code, ["message"] = "Signature expired" }), stop)));

    private static DateTimeOffset SignedAt(RecordedRequest request) => DateTimeOffset.ParseExact(
        request.Headers["X-Amz-Date"], "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static FaultScenario StartOnNewPort()
    {
        FaultScenario scenario = FaultScenario.Start();
        lock (Used)
        {
            // Ends: what is kept open is not given again.
            var reused = new List<FaultScenario>();
            while (!Used.Add(scenario.Server.Uri))
            {
                reused.Add(scenario);
                scenario = FaultScenario.Start();
            }

            reused.ForEach(other => _ = other.DisposeAsync().AsTask());
        }

        return scenario;
    }
}
