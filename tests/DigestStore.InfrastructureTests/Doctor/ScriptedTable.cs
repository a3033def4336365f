using System.Globalization;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2;
using DigestStore.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace DigestStore.InfrastructureTests.Doctor;

/// <summary>A table in AWS as its answers describe it: secured in every respect, until a test changes an answer.</summary>
internal sealed class ScriptedTable : IAsyncDisposable
{
    public const string ByStatus = "Query by-status";
    public const string Name = "digests";

    public static readonly string[] Operations = ["DescribeTable", "DescribeTimeToLive", "DescribeContinuousBackups", ByStatus, "Query"];

    private readonly Dictionary<string, Fault> _instead = [];

    public ScriptedTable() => Server.OnAny().Answer(Choose);

    public ScriptedEndpoint Server { get; } = ScriptedEndpoint.Start();

    public DigestStoreOptions Options { get; } = new() { TableName = Name, Region = "eu-central-1", Retention = TimeSpan.FromDays(365) };

    /// <summary>By operation, with the query of the index as <see cref="ByStatus"/>.</summary>
    public Dictionary<string, JsonObject> Bodies { get; } = new()
    {
        ["DescribeTable"] = Json(
            """
            {"Table":{
              "AttributeDefinitions":[{"AttributeName":"gsi1pk","AttributeType":"S"},{"AttributeName":"gsi1sk","AttributeType":"S"},{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"S"}],
              "TableName":"digests","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],"TableStatus":"ACTIVE","CreationDateTime":1763700000.123,
              "ProvisionedThroughput":{"NumberOfDecreasesToday":0,"ReadCapacityUnits":0,"WriteCapacityUnits":0},"TableSizeBytes":129800,"ItemCount":200,
              "TableArn":"arn:aws:dynamodb:eu-central-1:123456789012:table/digests","TableId":"11111111-2222-3333-4444-555555555555",
              "BillingModeSummary":{"BillingMode":"PAY_PER_REQUEST","LastUpdateToPayPerRequestDateTime":1763700000.123},
              "GlobalSecondaryIndexes":[{"IndexName":"by-status","KeySchema":[{"AttributeName":"gsi1pk","KeyType":"HASH"},{"AttributeName":"gsi1sk","KeyType":"RANGE"}],"Projection":{"ProjectionType":"ALL"},"IndexStatus":"ACTIVE","ItemCount":1}],
              "StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_IMAGE"},"LatestStreamLabel":"2025-11-21T05:30:00.000",
              "SSEDescription":{"Status":"ENABLED","SSEType":"KMS","KMSMasterKeyArn":"arn:aws:kms:eu-central-1:123456789012:key/the-key"},
              "DeletionProtectionEnabled":true,"TableClassSummary":{"TableClass":"STANDARD"},"WarmThroughput":{"ReadUnitsPerSecond":12000,"WriteUnitsPerSecond":4000,"Status":"ACTIVE"}}}
            """),
        ["DescribeTimeToLive"] = Json("""{"TimeToLiveDescription":{"TimeToLiveStatus":"ENABLED","AttributeName":"expiresAt"}}"""),
        ["DescribeContinuousBackups"] = Json(
            """
            {"ContinuousBackupsDescription":{"ContinuousBackupsStatus":"ENABLED","PointInTimeRecoveryDescription":{"PointInTimeRecoveryStatus":"ENABLED","RecoveryPeriodInDays":35,
              "EarliestRestorableDateTime":1763700000.0,"LatestRestorableDateTime":1764280000.0}}}
            """),
        [ByStatus] = Json("""{"Items":[],"Count":0,"ScannedCount":0,"ConsumedCapacity":{"TableName":"digests","CapacityUnits":0.5}}"""),
        ["Query"] = Json("""{"Items":[],"Count":0,"ScannedCount":0,"ConsumedCapacity":{"TableName":"digests","CapacityUnits":0.5}}"""),
    };

    public JsonObject Table => Bodies["DescribeTable"][nameof(Table)]!.AsObject();

    public JsonObject TimeToLive => Bodies["DescribeTimeToLive"]["TimeToLiveDescription"]!.AsObject();

    public JsonObject Recovery => Bodies["DescribeContinuousBackups"]["ContinuousBackupsDescription"]!["PointInTimeRecoveryDescription"]!.AsObject();

    /// <summary>Whether answers carry the time, as all of AWS's do.</summary>
    public bool TellsTime { get; set; } = true;

    public void Answer(string operation, Fault instead) => _instead[operation] = instead;

    public void AnswerAll(Fault instead) => Array.ForEach(Operations, operation => Answer(operation, instead));

    /// <summary>Puts these records into the answer to every query of a day.</summary>
    public void Sample(string query, string items)
    {
        JsonArray records = JsonNode.Parse(items)!.AsArray();
        (Bodies[query]["Count"], Bodies[query]["Items"]) = (records.Count, records);
    }

    /// <summary>Through a client that is handed in.</summary>
    public async Task<DigestTableReport> InspectAsync(TimeProvider? time = null)
    {
        using IAmazonDynamoDB client = Engines.CreateClient(Server.Uri);
        return await new DigestTableDoctor(client, Options, time).InspectAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Through the client that the library makes for itself.</summary>
    public async Task<DigestTableReport> InspectInContainerAsync()
    {
        await using ServiceProvider services = new ServiceCollection().AddDigestStore(options =>
        {
            (options.TableName, options.ServiceUrl, options.Region) = (Name, Server.Uri.AbsoluteUri, Options.Region);
            (options.Retention, options.Deadline) = (Options.Retention, Options.Deadline);
        }).BuildServiceProvider();
        return await services.GetRequiredService<DigestTableDoctor>().InspectAsync(TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    private Fault Choose(RecordedRequest request)
    {
        string operation = request.Body.ContainsKey("IndexName") ? ByStatus : request.Operation;
        if (_instead.TryGetValue(operation, out Fault? instead))
        {
            return instead;
        }

        Reply reply = Reply.Of(200, Bodies[operation]);
        return Fault.Custom((exchange, stop) => exchange.SendAsync(
            TellsTime ? reply with { Headers = new Dictionary<string, string?> { ["Date"] = exchange.Time.GetUtcNow().ToString("r", CultureInfo.InvariantCulture) } } : reply,
            stop));
    }
}
