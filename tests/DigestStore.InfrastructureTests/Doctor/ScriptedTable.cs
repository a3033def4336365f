using System.Globalization;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2;
using DigestStore.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace DigestStore.InfrastructureTests.Doctor;

/// <summary>A table in AWS as its answers describe it: the template's, until a test changes an answer.</summary>
internal sealed class ScriptedTable : IAsyncDisposable
{
    public const string ByStatus = "Query by-status";
    public const string Name = "digests";

    /// <summary>The query of the manifests.</summary>
    public const string Manifests = "Query SENT#daily";

    public static readonly string[] Operations = ["DescribeTable", "DescribeTimeToLive", "DescribeContinuousBackups", ByStatus, "Query"];

    private const string NoRecords = """{"Items":[],"Count":0,"ScannedCount":0,"ConsumedCapacity":{"TableName":"digests","CapacityUnits":0.5}}""";

    private readonly Dictionary<string, Fault> _instead = [];

    public ScriptedTable()
        : this(TemplateAnswers.Of())
    {
    }

    public ScriptedTable(Dictionary<string, JsonObject> descriptions)
    {
        Bodies = new(descriptions) { [ByStatus] = Json(NoRecords), ["Query"] = Json(NoRecords) };
        Server.OnAny().Answer(Choose);
    }

    public ScriptedEndpoint Server { get; } = ScriptedEndpoint.Start();

    public DigestStoreOptions Options { get; } = new() { TableName = Name, Region = "eu-central-1", Retention = TimeSpan.FromDays(365) };

    /// <summary>By operation, with the queries of the index as <see cref="ByStatus"/>. A query of one partition may have an answer of its own.</summary>
    public Dictionary<string, JsonObject> Bodies { get; }

    public JsonObject Table => Bodies["DescribeTable"][nameof(Table)]!.AsObject();

    public JsonObject TimeToLive => Bodies["DescribeTimeToLive"]["TimeToLiveDescription"]!.AsObject();

    public JsonObject Recovery => Bodies["DescribeContinuousBackups"]["ContinuousBackupsDescription"]!["PointInTimeRecoveryDescription"]!.AsObject();

    /// <summary>Whether answers carry the time, as all of AWS's do.</summary>
    public bool TellsTime { get; set; } = true;

    public void Answer(string operation, Fault instead) => _instead[operation] = instead;

    public void AnswerAll(Fault instead) => Array.ForEach(Operations, operation => Answer(operation, instead));

    /// <summary>Puts these records into the answer to every query of a day, of the index or of one partition.</summary>
    public void Sample(string query, string items)
    {
        JsonArray records = JsonNode.Parse(items)!.AsArray();
        Bodies.TryAdd(query, Json(NoRecords));
        (Bodies[query]["Count"], Bodies[query]["Items"]) = (records.Count, records);
    }

    /// <summary>The query of the index for the days with a status.</summary>
    public static string DaysOf(string status) => $"{ByStatus} STATUS#daily#{status}";

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
        }).Services.BuildServiceProvider();
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

        string partition = $"{operation} {(string?)request.Body["ExpressionAttributeValues"]?[":key"]?["S"]}";
        Reply reply = Reply.Of(200, Bodies.GetValueOrDefault(partition) ?? Bodies[operation]);
        return Fault.Custom((exchange, stop) => exchange.SendAsync(
            TellsTime ? reply with { Headers = new Dictionary<string, string?> { ["Date"] = exchange.Time.GetUtcNow().ToString("r", CultureInfo.InvariantCulture) } } : reply,
            stop));
    }
}
