using System.Text.Json.Nodes;

namespace DigestStore.InfrastructureTests.Doctor;

public sealed class BadlyConfiguredTableTests : IAsyncDisposable
{
    private const string Aws = "aws dynamodb ";
    private const string Table = " --table-name digests --region eu-central-1 ";

    private static readonly Dictionary<string, (string Check, DigestTableCheckStatus Status, Action<ScriptedTable> Spoil, string Finding, string Remedy)> Faults = new()
    {
        ["being changed"] = ("table", DigestTableCheckStatus.Warning, table => table.Table["TableStatus"] = "UPDATING", "The table 'digests' is UPDATING.", Aws + "wait table-exists" + Table.TrimEnd()),
        ["key lost"] = ("table", DigestTableCheckStatus.Problem, table => table.Table["TableStatus"] = "INACCESSIBLE_ENCRYPTION_CREDENTIALS", "is INACCESSIBLE_ENCRYPTION_CREDENTIALS.", "enable the key"),
        ["archived"] = ("table", DigestTableCheckStatus.Problem, table => table.Table["TableStatus"] = "ARCHIVED", "is ARCHIVED.", "restore it from a backup"),
        ["other keys"] = ("keys", DigestTableCheckStatus.Problem, table => table.Table["KeySchema"]![1]!["AttributeName"] = "gsi1sk", "The keys are pk (S), gsi1sk (S), and must be pk (S), sk (S).", "Keys cannot be changed."),
        ["key of another type"] = ("keys", DigestTableCheckStatus.Problem, table => table.Table["AttributeDefinitions"]![3]!["AttributeType"] = "N", "The keys are pk (S), sk (N),", "Correct TableName"),
        ["no sort key"] = ("keys", DigestTableCheckStatus.Problem, table => table.Table["KeySchema"]!.AsArray().RemoveAt(1), "The keys are pk (S), and must be", "Correct TableName"),
        ["no index"] = ("index", DigestTableCheckStatus.Problem, table => table.Table.Remove("GlobalSecondaryIndexes"), "There is no index by-status.", Aws + "update-table" + Table + "--attribute-definitions AttributeName=gsi1pk,AttributeType=S"),
        ["index with other keys"] = ("index", DigestTableCheckStatus.Problem, table => Index(table)["KeySchema"]![0]!["AttributeName"] = "sk", "The keys of by-status are sk (S), gsi1sk (S)", "\"Delete\""),
        ["index without attributes"] = ("index", DigestTableCheckStatus.Warning, table => Index(table)["Projection"]!["ProjectionType"] = "KEYS_ONLY", "by-status holds KEYS_ONLY, and must hold ALL attributes.", "\"Create\""),
        ["index being filled"] = ("index", DigestTableCheckStatus.Warning, table => Index(table)["IndexStatus"] = "CREATING", "by-status is CREATING.", "Wait until it is ACTIVE"),
        ["provisioned"] = ("billing", DigestTableCheckStatus.Warning, table => table.Table.Remove("BillingModeSummary"), "The capacity is provisioned, not on demand.", Aws + "update-table" + Table + "--billing-mode PAY_PER_REQUEST"),
        ["provisioned again"] = ("billing", DigestTableCheckStatus.Warning, table => table.Table["BillingModeSummary"]!["BillingMode"] = "PROVISIONED", "provisioned", "PAY_PER_REQUEST"),
        ["key of AWS"] = ("encryption", DigestTableCheckStatus.Warning, table => table.Table.Remove("SSEDescription"), "No KMS key: DynamoDB encrypts such a table with a key that AWS owns", "--sse-specification Enabled=true,SSEType=KMS,KMSMasterKeyId=YOUR_KEY_ARN"),
        ["other key on its way"] = ("encryption", DigestTableCheckStatus.Warning, table => table.Table["SSEDescription"]!["Status"] = "UPDATING", "being changed (UPDATING)", "Wait"),
        ["key disabled"] = ("encryption", DigestTableCheckStatus.Problem, table => table.Table["SSEDescription"]!["InaccessibleEncryptionDateTime"] = 1763700000, "cannot use the key arn:aws:kms:eu-central-1:123456789012:key/id-of-TableKey", "aws kms describe-key --key-id arn:aws:kms:eu-central-1:123456789012:key/id-of-TableKey --region eu-central-1"),
        ["no recovery"] = ("point-in-time-recovery", DigestTableCheckStatus.Problem, table => table.Recovery["PointInTimeRecoveryStatus"] = "DISABLED", "Point-in-time recovery is off.", Aws + "update-continuous-backups" + Table + "--point-in-time-recovery-specification PointInTimeRecoveryEnabled=true,RecoveryPeriodInDays=35"),
        ["recovery never set"] = ("point-in-time-recovery", DigestTableCheckStatus.Problem, table => table.Recovery.Parent!.AsObject().Remove("PointInTimeRecoveryDescription"), "Point-in-time recovery is off.", "RecoveryPeriodInDays=35"),
        ["short window"] = ("point-in-time-recovery", DigestTableCheckStatus.Warning, table => table.Recovery["RecoveryPeriodInDays"] = 1, "any second of the last 1 day,", "RecoveryPeriodInDays=35"),
        ["expiry off"] = ("time-to-live", DigestTableCheckStatus.Problem, table => Off(table), "The time to live is off, and Retention is set.", Aws + "update-time-to-live" + Table + "--time-to-live-specification Enabled=true,AttributeName=expiresAt"),
        ["expiry off, nothing expires"] = ("time-to-live", DigestTableCheckStatus.Warning, table => { Off(table); table.Options.Retention = null; }, "The time to live is off.", "Enabled=true"),
        ["expiry of something else"] = ("time-to-live", DigestTableCheckStatus.Problem, table => table.TimeToLive["AttributeName"] = "ttl", "on 'ttl', and must be on 'expiresAt'.", "Enabled=false,AttributeName=ttl"),
        ["expiry going off"] = ("time-to-live", DigestTableCheckStatus.Problem, table => table.TimeToLive["TimeToLiveStatus"] = "DISABLING", "being switched off, and Retention is set.", "Wait until it is off, for an hour at the most, then " + Aws),
        ["expiry going off, nothing expires"] = ("time-to-live", DigestTableCheckStatus.Warning, table => { table.TimeToLive["TimeToLiveStatus"] = "DISABLING"; table.Options.Retention = null; }, "being switched off.", "Wait until it is off"),
        ["expiry of something else going on"] = ("time-to-live", DigestTableCheckStatus.Problem, table => { table.TimeToLive["TimeToLiveStatus"] = "ENABLING"; table.TimeToLive["AttributeName"] = "ttl"; }, "on 'ttl', and must be on 'expiresAt'.", "Wait until it is on, for an hour at the most, then " + Aws),
        ["no protection"] = ("deletion-protection", DigestTableCheckStatus.Warning, table => table.Table["DeletionProtectionEnabled"] = false, "Deletion protection is off.", Aws + "update-table" + Table + "--deletion-protection-enabled"),
        ["protection not told"] = ("deletion-protection", DigestTableCheckStatus.Warning, table => table.Table.Remove("DeletionProtectionEnabled"), "Deletion protection is off.", "--deletion-protection-enabled"),
        ["no stream"] = ("stream", DigestTableCheckStatus.Warning, table => table.Table.Remove("StreamSpecification"), "The stream is off.", Aws + "update-table" + Table + "--stream-specification StreamEnabled=true,StreamViewType=NEW_IMAGE"),
        ["stream of keys"] = ("stream", DigestTableCheckStatus.Warning, table => table.Table["StreamSpecification"]!["StreamViewType"] = "KEYS_ONLY", "holds KEYS_ONLY, and should hold NEW_IMAGE.", "StreamEnabled=false && " + Aws + "wait table-exists" + Table + "&& " + Aws + "update-table" + Table + "--stream-specification StreamEnabled=true"),
        ["rare access"] = ("table-class", DigestTableCheckStatus.Warning, table => table.Table["TableClassSummary"]!["TableClass"] = "STANDARD_INFREQUENT_ACCESS", "STANDARD_INFREQUENT_ACCESS.", Aws + "update-table" + Table + "--table-class STANDARD"),
        ["newer records"] = ("schema-version", DigestTableCheckStatus.Warning, table => table.Sample("Query", """[{"sk":{"S":"HEADER"},"v":{"N":"1"},"lastRunId":{"S":"a"}},{"sk":{"S":"ITEM#1"},"v":{"N":"2"}},{"sk":{"S":"ITEM#2"},"v":{"S":"x"}}]"""), "2 of 3 records of the sample have a schema that this version does not know: 2, no number.", "Update DigestStore"),
        ["no header"] = ("headers", DigestTableCheckStatus.Warning, table => table.Sample("Query", """[{"sk":{"S":"ITEM#1"},"date":{"S":"2026-11-21"},"v":{"N":"1"}}]"""), "Without a header: 2026-11-21, 2026-11-21, 2026-11-21, 2026-11-21, 2026-11-21 and 2 more.", "Store the day again"),
        ["stored in part"] = ("unfinished-stores", DigestTableCheckStatus.Warning, table => table.Sample(ScriptedTable.ByStatus, """[{"sk":{"S":"HEADER"},"date":{"S":"2026-11-21"},"v":{"N":"1"},"lastRunId":{"S":"a"},"lastStoreStatus":{"S":"partially-stored"}},{"sk":{"S":"HEADER"},"date":{"S":"2026-11-20"},"v":{"N":"1"},"idRules":{"S":"1"}}]"""), "Stored in part: 2026-11-21. Begun and not ended: 2026-11-20.", "Replay the dead letters"),
        ["sender killed"] = ("ended-leases", DigestTableCheckStatus.Warning, table => table.Sample(ScriptedTable.DaysOf("sending"), Header("2026-11-21", "sending")), "Being sent, and the sender said nothing until its lease ended: 2026-11-21.", "call ResolveAsync for the day"),
        ["deleted in part"] = ("ended-leases", DigestTableCheckStatus.Warning, table => table.Sample(ScriptedTable.DaysOf("deleting"), Header("2026-11-20", "deleting")), "Deleted in part: 2026-11-20.", "Call DeleteDayAsync for the day again"),
        ["given up"] = ("abandoned-days", DigestTableCheckStatus.Warning, table => table.Sample(ScriptedTable.DaysOf("abandoned"), Header("2026-11-21", "abandoned")), "The email was given up: 2026-11-21.", "call ResolveAsync with Retry"),
        ["delivered without a manifest"] = ("manifests", DigestTableCheckStatus.Warning, table => table.Sample("Query", Header("2026-11-21", "delivered")), "Delivered, and it is not recorded what was sent: 2026-11-21", "Replay the dead letters"),
        ["manifest not settled"] = ("manifests", DigestTableCheckStatus.Warning, table => Delivered(table, Manifest("sending")), "Delivered, and the record of what was sent is not settled: 2026-11-21", "Replay the dead letters"),
        ["part of a manifest missing"] = ("manifests", DigestTableCheckStatus.Warning, table => Delivered(table, Manifest("delivered", parts: 2)), "is not settled: 2026-11-21", "Replay the dead letters"),
        ["part of a manifest of another attempt"] = ("manifests", DigestTableCheckStatus.Warning, table => Delivered(table, Manifest("delivered", parts: 2), """{"sk":{"S":"2026-11-21#2"},"v":{"N":"1"},"fence":{"N":"6"}}"""), "is not settled: 2026-11-21", "Replay the dead letters"),
    };

    private readonly ScriptedTable _table = new();

    public static TheoryData<string> Names => [.. Faults.Keys];

    public ValueTask DisposeAsync() => _table.DisposeAsync();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Each_fault_is_found_by_its_check_alone_with_what_mends_it(string fault)
    {
        (string name, DigestTableCheckStatus status, Action<ScriptedTable> spoil, string finding, string remedy) = Faults[fault];
        spoil(_table);

        DigestTableReport report = await _table.InspectAsync();

        DigestTableCheck check = Assert.Single(report.Checks, static check => check.Status != DigestTableCheckStatus.Ok);
        Assert.Equal((name, status), (check.Name, check.Status));
        Assert.Contains(finding, check.Finding, StringComparison.Ordinal);
        Assert.Contains(remedy, check.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_table_with_every_fault_no_check_is_ok()
    {
        string[] apart = ["archived", "other keys", "index without attributes", "provisioned", "key of AWS", "short window", "expiry off", "no protection", "no stream", "rare access", "stored in part", "sender killed", "given up"];
        Array.ForEach(apart, fault => Faults[fault].Spoil(_table));
        _table.Sample("Query", """[{"sk":{"S":"ITEM#1"},"date":{"S":"2026-11-21"},"v":{"N":"2"}}]""");
        _table.Sample($"Query DIGEST#daily#{TimeProvider.System.GetUtcNow().AddDays(-2):yyyy-MM-dd}", Header("2026-11-21", "delivered"));

        DigestTableReport report = await _table.InspectAsync(new ShiftedTime(TimeSpan.FromSeconds(-20)));

        Assert.All(report.Checks, static check => Assert.True(check.Status is DigestTableCheckStatus.Problem or DigestTableCheckStatus.Warning, $"{check.Name}: {check.Finding}"));
        Assert.All(report.Checks, static check => Assert.NotEmpty(check.Remedy!));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_index_gets_capacity_where_the_table_has_some_and_only_there(bool isProvisioned)
    {
        _table.Table.Remove("GlobalSecondaryIndexes");
        if (isProvisioned)
        {
            _table.Table.Remove("BillingModeSummary");
            (_table.Table["ProvisionedThroughput"]!["ReadCapacityUnits"], _table.Table["ProvisionedThroughput"]!["WriteCapacityUnits"]) = (7, 3);
        }

        DigestTableReport report = await _table.InspectAsync();

        string remedy = report.Checks.Single(static check => check.Name == "index").Remedy!;
        JsonNode create = JsonNode.Parse(remedy.Split('\'')[1])![0]!["Create"]!;
        Assert.Equal(isProvisioned ? """{"ReadCapacityUnits":7,"WriteCapacityUnits":3}""" : null, create["ProvisionedThroughput"]?.ToJsonString());
        Assert.Equal("""{"ProjectionType":"ALL"}""", create["Projection"]!.ToJsonString());
    }

    [Fact]
    public async Task What_has_expired_counts_as_absent()
    {
        _table.Sample("Query", """[{"sk":{"S":"ITEM#1"},"date":{"S":"2026-11-21"},"v":{"N":"2"},"expiresAt":{"N":"1"}}]""");

        DigestTableReport report = await _table.InspectAsync();

        Assert.Equal((0, 0), (report.Problems, report.Warnings));
        Assert.Contains(report.Checks, static check => check.Finding == "There was no record to look at.");
    }

    [Theory]
    [InlineData(0, DigestTableCheckStatus.Ok, "not more than 5 s off")]
    [InlineData(20, DigestTableCheckStatus.Warning, "s ahead of DynamoDB's.")]
    [InlineData(-20, DigestTableCheckStatus.Warning, "s behind DynamoDB's.")]
    [InlineData(200, DigestTableCheckStatus.Problem, "s ahead of DynamoDB's.")]
    [InlineData(-200, DigestTableCheckStatus.Problem, "s behind DynamoDB's.")]
    public async Task The_clock_is_compared_with_the_Date_of_the_answers(int seconds, DigestTableCheckStatus status, string finding)
    {
        DigestTableReport report = await _table.InspectAsync(new ShiftedTime(TimeSpan.FromSeconds(seconds)));

        DigestTableCheck clock = report.Checks.Single(static check => check.Name == "clock");
        Assert.Equal(status, clock.Status);
        Assert.Contains(finding, clock.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_live_lease_a_settled_manifest_and_a_day_of_a_newer_version_are_no_faults()
    {
        string later = TimeProvider.System.GetUtcNow().AddMinutes(5).ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        _table.Sample(ScriptedTable.DaysOf("sending"), Header("2026-11-21", "sending", later));
        _table.Sample(ScriptedTable.DaysOf("abandoned"), Header("2026-11-21", "abandoned").Replace("\"v\":{\"N\":\"1\"}", "\"v\":{\"N\":\"2\"}", StringComparison.Ordinal));
        Delivered(_table, Manifest("delivered", parts: 2), """{"sk":{"S":"2026-11-21#2"},"v":{"N":"1"},"fence":{"N":"7"}}""");

        DigestTableReport report = await _table.InspectAsync();

        Assert.Equal((0, 0), (report.Problems, report.Warnings));
    }

    // A lease of the year 1970, unless the test says otherwise.
    private static string Header(string date, string status, string leaseUntil = "1") =>
        $$$"""[{"sk":{"S":"HEADER"},"date":{"S":"{{{date}}}"},"v":{"N":"1"},"lastRunId":{"S":"a"},"status":{"S":"{{{status}}}"},"fence":{"N":"7"},"leaseUntil":{"N":"{{{leaseUntil}}}"}}]""";

    private static string Manifest(string state, int parts = 1) =>
        $$$"""{"sk":{"S":"2026-11-21"},"v":{"N":"1"},"fence":{"N":"7"},"state":{"S":"{{{state}}}"},"parts":{"N":"{{{parts}}}"}}""";

    private static void Delivered(ScriptedTable table, params string[] manifest)
    {
        table.Sample("Query", Header("2026-11-21", "delivered"));
        table.Sample(ScriptedTable.Manifests, $"[{string.Join(',', manifest)}]");
    }

    private static JsonObject Index(ScriptedTable table) => table.Table["GlobalSecondaryIndexes"]![0]!.AsObject();

    private static void Off(ScriptedTable table)
    {
        table.TimeToLive["TimeToLiveStatus"] = "DISABLED";
        table.TimeToLive.Remove("AttributeName");
    }
}
