using System.Text.Json.Nodes;

namespace DigestStore.TestSupport;

/// <summary>A request's parameters and the tables that it may touch.</summary>
internal sealed class OperationContext(MemoryDatabase database, ScriptedEndpointOptions options, JsonObject body)
{
    public JsonObject Body { get; } = body;

    public ScriptedEndpointOptions Options { get; } = options;

    public string? TableName => Text(nameof(TableName));

    public MemoryTable Table => database.Open(TableName);

    public bool IsConsistent => Flag("ConsistentRead") ?? false;

    public IEnumerable<string> TableNames => database.TableNames;

    public MemoryTable Open(string name) => database.Open(name);

    public string? Text(string name) => Body[name]?.GetValue<string>();

    public bool? Flag(string name) => Body[name]?.GetValue<bool>();

    public ItemKey Key() => ItemRules.ExactKey(Body["Key"], Options);

    /// <summary>Adds what DynamoDB reports if ReturnConsumedCapacity asks for it.</summary>
    public void Report(JsonObject answer, IReadOnlyDictionary<string, double> units, bool asList)
    {
        if (Text("ReturnConsumedCapacity") is not ("TOTAL" or "INDEXES"))
        {
            return;
        }

        var reports = units.Select(table => (JsonNode)new JsonObject { [nameof(TableName)] = table.Key, ["CapacityUnits"] = table.Value });
        answer["ConsumedCapacity"] = asList ? new JsonArray([.. reports]) : reports.First();
    }

    public void Report(JsonObject answer, double units)
    {
        Report(answer, new Dictionary<string, double> { [TableName!] = units }, asList: false);
    }
}
