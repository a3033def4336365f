using Amazon.DynamoDBv2;
using DigestStore.TestSupport;

namespace DigestStore.InfrastructureTests.Doctor;

public sealed class NoAnswerTests : IAsyncDisposable
{
    private static readonly string[] OfTheDescription = ["keys", "index", "billing", "encryption", "deletion-protection", "stream", "table-class"];
    private static readonly string[] All = ["table", "keys", "index", "billing", "encryption", "point-in-time-recovery", "time-to-live", "deletion-protection", "stream", "table-class", "schema-version", "headers", "unfinished-stores", "ended-leases", "abandoned-days", "manifests", "clock"];

    private readonly ScriptedTable _table = new();

    public static TheoryData<string> Garbage =>
    [
        "{}", "[]", "5", "null", "<html>", "", "{\"Table\":5}", "{\"Table\":[]}", "{\"Table\":{\"KeySchema\":5}}", "{\"Table\":{\"TableStatus\":\"ACTIVE\",\"KeySchema\":{}}}", "{\"Table\":{\"KeySchema\":[5]}}",
        "{\"Table\":{\"TableStatus\":\"ACTIVE\",\"KeySchema\":[{\"AttributeName\":\"pk\",\"KeyType\":\"HASH\"}],\"GlobalSecondaryIndexes\":{}}}", "{\"Table\":{\"TableStatus\":\"\\ud800\"}}", "{\"Table\":{\"TableSt", "{} {}",
        "{\"Items\":5,\"Count\":0}", "{\"TimeToLiveDescription\":5}", "{\"ContinuousBackupsDescription\":{\"PointInTimeRecoveryDescription\":[]}}",
    ];

    public ValueTask DisposeAsync() => _table.DisposeAsync();

    [Theory]
    [InlineData("ResourceNotFoundException", "There is no table 'digests' in this account and region.", "Deploy infrastructure/digest-store.yaml")]
    [InlineData("AccessDeniedException", "DescribeTable was denied (AccessDeniedException, HTTP 400).", "it allows dynamodb:DescribeTable on it")]
    [InlineData("UnrecognizedClientException", "The credentials are missing, unknown or expired (UnrecognizedClientException, HTTP 400).", "aws sts get-caller-identity")]
    [InlineData("ThrottlingException", "DescribeTable was throttled", "run the doctor again")]
    [InlineData("InternalServerError", "DescribeTable failed (InternalServerError, HTTP 400).", "run the doctor again")]
    [InlineData("UnknownOperationException", "What answers does not know DescribeTable, so it is no DynamoDB.", "Correct ServiceUrl")]
    [InlineData("StrangerException", "DescribeTable failed (AmazonDynamoDBException, HTTP 400).", "run the doctor again")]
    public async Task What_all_requests_fail_with_is_told_once(string code, string finding, string remedy)
    {
        _table.AnswerAll(Fault.Error(code, "content of a stranger"));

        DigestTableReport report = await _table.InspectAsync();

        DigestTableCheck problem = Assert.Single(report.Checks, static check => check.Status != DigestTableCheckStatus.NotKnown);
        Assert.Equal(("table", DigestTableCheckStatus.Problem), (problem.Name, problem.Status));
        Assert.Contains(finding, problem.Finding, StringComparison.Ordinal);
        Assert.Contains(remedy, problem.Remedy, StringComparison.Ordinal);
        Assert.Equal(All, report.Checks.Select(static check => check.Name));
        Assert.All(report.Checks, static check => Assert.DoesNotContain("stranger", check.Finding + check.Remedy, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("DescribeTable", "table", "dynamodb:DescribeTable on it")]
    [InlineData("DescribeTimeToLive", "time-to-live", "dynamodb:DescribeTimeToLive on it")]
    [InlineData("DescribeContinuousBackups", "point-in-time-recovery", "dynamodb:DescribeContinuousBackups on it")]
    [InlineData("Query", "schema-version,headers,manifests", "dynamodb:Query on it")]
    [InlineData(ScriptedTable.ByStatus, "unfinished-stores,ended-leases,abandoned-days", "dynamodb:Query on its index by-status")]
    public async Task One_operation_that_is_denied_is_a_problem_of_the_checks_that_need_it(string operation, string checks, string right)
    {
        _table.Answer(operation, Fault.Error("AccessDeniedException"));

        DigestTableReport report = await _table.InspectAsync();

        DigestTableCheck[] problems = [.. report.Checks.Where(static check => check.Status == DigestTableCheckStatus.Problem)];
        Assert.Equal(checks.Split(','), problems.Select(static check => check.Name));
        Assert.All(problems, check => Assert.Contains(right, check.Remedy, StringComparison.Ordinal));
        Assert.Equal(operation == "DescribeTable" ? OfTheDescription : [], report.Checks.Where(static check => check.Status == DigestTableCheckStatus.NotKnown).Select(static check => check.Name));
    }

    [Theory]
    [InlineData("DescribeTimeToLive", 1)]
    [InlineData("DescribeContinuousBackups", 1)]
    public async Task What_an_engine_does_not_know_is_not_known_and_no_problem(string operation, int notKnown)
    {
        _table.Answer(operation, Fault.Error("UnknownOperationException"));

        DigestTableReport report = await _table.InspectAsync();

        Assert.Equal((0, 0, notKnown), (report.Problems, report.Warnings, report.NotKnown));
        Assert.Contains(report.Checks, check => check.Finding == $"This engine has no {operation}, as local engines have not; AWS has it.");
    }

    [Theory]
    [InlineData("DescribeTable", "table")]
    [InlineData("Query", "schema-version,headers,manifests")]
    [InlineData(ScriptedTable.ByStatus, "unfinished-stores,ended-leases,abandoned-days")]
    public async Task What_every_engine_knows_and_this_one_does_not_is_a_problem(string operation, string checks)
    {
        _table.Answer(operation, Fault.Error("UnknownOperationException"));

        DigestTableReport report = await _table.InspectAsync();

        DigestTableCheck[] problems = [.. report.Checks.Where(static check => check.Status == DigestTableCheckStatus.Problem)];
        Assert.Equal(checks.Split(','), problems.Select(static check => check.Name));
        Assert.All(problems, static check => Assert.Contains("so it is no DynamoDB.", check.Finding, StringComparison.Ordinal));
        Assert.All(problems, static check => Assert.Contains("Correct ServiceUrl", check.Remedy, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_query_that_other_keys_make_invalid_is_the_fault_of_the_keys()
    {
        _table.Answer("Query", Fault.Error("ValidationException"));
        _table.Table["KeySchema"]![0]!["AttributeName"] = "gsi1pk";

        DigestTableReport report = await _table.InspectAsync();

        Assert.Equal("keys", Assert.Single(report.Checks, static check => check.Status == DigestTableCheckStatus.Problem).Name);
        Assert.Equal(["schema-version", "headers", "manifests"], report.Checks.Where(static check => check.Status == DigestTableCheckStatus.NotKnown).Select(static check => check.Name));
        Assert.Contains(report.Checks, static check => check.Finding == "Query failed (ValidationException, HTTP 400). The checks keys and index say why.");
    }

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task Answers_that_make_no_sense_are_a_finding_and_leave_no_thread_behind(string body)
    {
        _table.AnswerAll(Fault.Json(body));

        // Through the library's own client: with another one the SDK would read some of them for ever.
        DigestTableReport report = await _table.InspectInContainerAsync();

        DigestTableCheck problem = Assert.Single(report.Checks, static check => check.Status == DigestTableCheckStatus.Problem);
        Assert.Equal("table", problem.Name);
        Assert.StartsWith("The answer to DescribeTable made no sense (", problem.Finding, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DescribeTimeToLive", "time-to-live")]
    [InlineData("DescribeContinuousBackups", "point-in-time-recovery")]
    [InlineData("Query", "schema-version,headers,manifests")]
    [InlineData(ScriptedTable.ByStatus, "unfinished-stores,ended-leases,abandoned-days")]
    public async Task A_single_answer_that_makes_no_sense_is_a_problem_of_the_checks_that_need_it(string operation, string checks)
    {
        _table.Answer(operation, Fault.Json("{}"));

        DigestTableReport report = await _table.InspectAsync();

        Assert.Equal(checks.Split(','), report.Checks.Where(static check => check.Status == DigestTableCheckStatus.Problem).Select(static check => check.Name));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_service_that_hangs_is_given_up_at_the_deadline_of_one_request(bool isOwnClient)
    {
        _table.AnswerAll(Fault.Stall());
        _table.Options.Deadline = TimeSpan.FromMilliseconds(200);

        DigestTableReport report = isOwnClient ? await _table.InspectInContainerAsync() : await _table.InspectAsync();

        DigestTableCheck problem = Assert.Single(report.Checks, static check => check.Status == DigestTableCheckStatus.Problem);
        Assert.Equal("DescribeTable had no answer within 0.2 s.", problem.Finding);
        Assert.Equal(All.Length - 1, report.NotKnown);
    }

    [Fact]
    public async Task Nothing_that_listens_is_a_finding()
    {
        await _table.Server.DisposeAsync();

        DigestTableReport report = await _table.InspectAsync();

        Assert.Equal(("table", "No connection came about (HttpRequestException)."), (report.Checks[0].Name, report.Checks[0].Finding));
        Assert.Equal((1, 0), (report.Problems, report.Warnings));
    }

    [Fact]
    public async Task A_disposed_client_is_a_finding()
    {
        IAmazonDynamoDB client = Engines.CreateClient(_table.Server.Uri);
        client.Dispose();

        DigestTableReport report = await new DigestTableDoctor(client, _table.Options).InspectAsync(TestContext.Current.CancellationToken);

        Assert.Equal(("The client is disposed.", 0), (report.Checks[0].Finding, report.Requests));
    }

    [Fact]
    public async Task An_inspection_can_be_canceled()
    {
        _table.AnswerAll(Fault.Stall());
        using IAmazonDynamoDB client = Engines.CreateClient(_table.Server.Uri);
        using var stop = new CancellationTokenSource();
        Task<DigestTableReport> inspection = new DigestTableDoctor(client, _table.Options).InspectAsync(stop.Token);
        await _table.Server.Requests.ArrivalOfAsync("DescribeTable");

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => inspection);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new DigestTableDoctor(client, _table.Options).InspectAsync(stop.Token));
    }

    [Fact]
    public async Task A_clock_that_DynamoDB_refuses_is_measured_by_the_refusals()
    {
        _table.AnswerAll(Fault.ClockSkew(TimeSpan.FromHours(-1)));

        DigestTableReport report = await _table.InspectAsync();

        Assert.Equal(["table", "clock"], report.Checks.Where(static check => check.Status == DigestTableCheckStatus.Problem).Select(static check => check.Name));
        Assert.Contains("this machine's clock is wrong", report.Checks[0].Finding, StringComparison.Ordinal);
        Assert.Matches("This machine's clock is at least 3[56][0-9]{2} s ahead of DynamoDB's", report.Checks[^1].Finding);
    }

    [Fact]
    public async Task Answers_without_a_time_leave_the_clock_unknown()
    {
        _table.TellsTime = false;

        DigestTableReport report = await _table.InspectAsync();

        Assert.Equal((0, 0, 1), (report.Problems, report.Warnings, report.NotKnown));
        Assert.Equal(DigestTableCheckStatus.NotKnown, report.Checks.Single(static check => check.Name == "clock").Status);
    }
}
