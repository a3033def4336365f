using System.Text.Json;
using DigestStore.InfrastructureTests.Template;
using DigestStore.TestSupport;

namespace DigestStore.InfrastructureTests.Doctor;

public sealed class SecuredTableTests : IAsyncDisposable
{
    private readonly ScriptedTable _table = new();

    public ValueTask DisposeAsync() => _table.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_check_of_a_table_that_is_secured_in_AWS_is_ok(bool isOwnClient)
    {
        DigestTableReport report = isOwnClient ? await _table.InspectInContainerAsync() : await _table.InspectAsync();

        Assert.All(report.Checks, static check => Assert.True(check.Status == DigestTableCheckStatus.Ok, $"{check.Name}: {check.Finding}"));
        Assert.All(report.Checks, static check => Assert.Null(check.Remedy));
        Assert.Equal((0, 0, 0), (report.Problems, report.Warnings, report.NotKnown));
        Assert.EndsWith(
            $": aws kms describe-key --key-id {_table.Table["SSEDescription"]!["KMSMasterKeyArn"]} --region eu-central-1 --query KeyMetadata.KeyManager", Finding(report, "encryption"), StringComparison.Ordinal);
        Assert.Contains("the last 35 days, at present from 2025-11-21 04:40 UTC on.", Finding(report, "point-in-time-recovery"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_inspection_costs_fifteen_requests_which_are_reported_with_their_units()
    {
        DigestTableReport report = await _table.InspectAsync();

        Assert.Equal((15, 6.0), (report.Requests, report.ReadUnits));
        Assert.Equal(15, _table.Server.Requests.Count);
        Assert.Equal(12, _table.Server.Requests.CountOf("Query"));
        Assert.All(_table.Server.Requests.Of("Query"), static query => Assert.InRange(query.Body["Limit"]!.GetValue<int>(), 1, 60));
    }

    [Fact]
    public async Task The_policy_of_the_operator_allows_every_request()
    {
        CloudFormationTemplate template = CloudFormationTemplate.Load();
        var allowed = template.Properties("OperatorPolicy")["PolicyDocument"]!["Statement"]!.AsArray()
            .SelectMany(statement => Some(statement!["Action"]!).Select(action => (Action: action, Resource: (string)template.Resolve(statement["Resource"])!)))
            .ToHashSet();

        await _table.InspectAsync();

        string arn = (string)template.Resolve(template.Root["Outputs"]!["TableArn"]!["Value"])!;
        Assert.All(_table.Server.Requests.All, request => Assert.Contains(
            ("dynamodb:" + request.Operation, request.Body["IndexName"] is { } index ? $"{arn}/index/{index}" : arn), allowed));
    }

    [Fact]
    public async Task No_text_of_an_item_is_asked_for()
    {
        await _table.InspectAsync();

        Assert.All(_table.Server.Requests.Of("Query"), static query => Assert.Equal("#sk, #date, #v, #expiresAt, #lastStoreStatus, #lastRunId, #idRules, #status, #fence, #leaseUntil, #state, #parts", (string?)query.Body["ProjectionExpression"]));
    }

    [Fact]
    public async Task A_report_survives_JSON()
    {
        _table.Table["DeletionProtectionEnabled"] = false;
        DigestTableReport report = await _table.InspectAsync();

        string json = JsonSerializer.Serialize(report, JsonSerializerOptions.Web);
        DigestTableReport back = JsonSerializer.Deserialize<DigestTableReport>(json, JsonSerializerOptions.Web)!;

        Assert.Equal(report.Checks, back.Checks);
        Assert.Equal((report.TableName, report.Digest, report.InspectedAt, report.Requests, report.ReadUnits), (back.TableName, back.Digest, back.InspectedAt, back.Requests, back.ReadUnits));
        Assert.Contains("""{"name":"deletion-protection","status":"warning","finding":"Deletion protection is off.",""", json, StringComparison.Ordinal);
        Assert.Contains("\"warnings\":1", json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_lists_every_check_and_tells_its_reason()
    {
        DigestTableReport report = await _table.InspectAsync();
        string page = RepositoryFiles.TextOf("docs/doctor.md");

        string[] listed = [.. page.Split('\n').Where(static line => line.StartsWith("| `", StringComparison.Ordinal)).Select(static line => line.Split('`')[1])];

        Assert.Equal(report.Checks.Select(static check => check.Name), listed);
        Assert.All(report.Checks, check => Assert.Contains(check.Why, page, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Some(System.Text.Json.Nodes.JsonNode actions) => actions is System.Text.Json.Nodes.JsonArray several ? several.Select(static action => (string)action!) : [(string)actions!];

    private static string Finding(DigestTableReport report, string check) => report.Checks.Single(one => one.Name == check).Finding;
}
