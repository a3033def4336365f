using System.Text.Json.Nodes;

namespace DigestStore.TestSupport;

internal static class BatchWriteOperation
{
    private const int MaxWrites = 25;

    public static JsonObject Run(OperationContext context)
    {
        var units = new Dictionary<string, double>();
        foreach (var (table, key, item) in Plan(context))
        {
            var before = context.Open(table).Find(key);
            units[table] = units.GetValueOrDefault(table) + CapacityUnits.Write(before, item);
            if (item is null)
            {
                context.Open(table).Remove(key);
            }
            else
            {
                context.Open(table).Put(key, item.DeepClone().AsObject());
            }
        }

        var answer = new JsonObject { ["UnprocessedItems"] = new JsonObject() };
        context.Report(answer, units, asList: true);
        return answer;
    }

    /// <summary>All of the batch is checked before any of it is applied.</summary>
    public static List<(string Table, ItemKey Key, JsonObject? Item)> Plan(OperationContext context)
    {
        var plan = new List<(string Table, ItemKey Key, JsonObject? Item)>();
        foreach (var (table, writes) in context.Body["RequestItems"] as JsonObject ?? [])
        {
            context.Open(table);
            plan.AddRange(writes!.AsArray().Select(write => Read(table, write!.AsObject(), context.Options)));
        }

        if (plan.Count is 0 or > MaxWrites)
        {
            throw DynamoDbError.Validation(plan.Count == 0
                ? "The batch write request list for a table cannot be null or empty"
                : "Too many items requested for the BatchWriteItem call");
        }

        return plan.DistinctBy(write => (write.Table, write.Key)).Count() == plan.Count
            ? plan
            : throw DynamoDbError.Validation("Provided list of item keys contains duplicates");
    }

    private static (string Table, ItemKey Key, JsonObject? Item) Read(string table, JsonObject write, ScriptedEndpointOptions options)
    {
        if (write["PutRequest"]?["Item"] is JsonObject item)
        {
            var key = ItemRules.KeyOf(item, options);
            ItemRules.Validate(item);
            return (table, key, item);
        }

        return write["DeleteRequest"]?["Key"] is JsonObject deleted
            ? (table, ItemRules.ExactKey(deleted, options), null)
            : throw DynamoDbError.Validation("Supplied WriteRequest is empty, must contain exactly one PutRequest or DeleteRequest");
    }
}
