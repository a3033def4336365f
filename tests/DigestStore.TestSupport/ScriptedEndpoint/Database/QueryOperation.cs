using System.Text.Json.Nodes;

namespace DigestStore.TestSupport;

internal static class QueryOperation
{
    private const int MaxPageBytes = 1024 * 1024;

    public static JsonObject Run(OperationContext context)
    {
        var scope = new ExpressionScope(context.Body);
        var condition = Condition.Parse(context.Text("KeyConditionExpression") ?? throw DynamoDbError.Validation("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."), scope);
        var filter = context.Text("FilterExpression") is { } text ? Condition.Parse(text, scope) : null;
        var projection = Projection.Of(context.Text("ProjectionExpression"), scope);
        scope.AssertAllUsed();
        var partition = condition.EqualityOn(context.Options.PartitionKey)
            ?? throw DynamoDbError.Validation($"Query condition missed key schema element: {context.Options.PartitionKey}");

        var page = ReadPage(context, partition, condition);
        var matches = page.Items.Where(item => filter?.Holds(item) ?? true).ToList();
        var answer = new JsonObject { ["Count"] = matches.Count, ["ScannedCount"] = page.Items.Count };
        if (context.Text("Select") != "COUNT")
        {
            answer["Items"] = new JsonArray([.. matches.Select(projection.Apply)]);
        }

        if (page.Last is { } last)
        {
            answer["LastEvaluatedKey"] = new JsonObject
            {
                [context.Options.PartitionKey] = new JsonObject { ["S"] = last.Partition },
                [context.Options.SortKey] = new JsonObject { ["S"] = last.Sort },
            };
        }

        context.Report(answer, CapacityUnits.Read(page.Bytes, context.IsConsistent));
        return answer;
    }

    // A page ends after Limit items or with the item that fills 1 MB, before any filter; its last key is named even if nothing follows.
    private static (List<JsonObject> Items, int Bytes, ItemKey? Last) ReadPage(OperationContext context, string partition, Condition condition)
    {
        var ascending = context.Flag("ScanIndexForward") ?? true;
        var limit = context.Body["Limit"]?.GetValue<int>() ?? int.MaxValue;
        if (limit < 1)
        {
            throw DynamoDbError.Validation("1 validation error detected: Value at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1");
        }

        ItemKey? start = context.Body["ExclusiveStartKey"] is JsonObject key ? ItemRules.ExactKey(key, context.Options) : null;
        var (items, bytes) = (new List<JsonObject>(), 0);
        foreach (var (itemKey, item) in context.Table.Partition(partition, ascending))
        {
            if ((start is { } from && itemKey.CompareTo(from) * (ascending ? 1 : -1) <= 0) || !condition.Holds(item))
            {
                continue;
            }

            items.Add(item);
            bytes += ItemRules.Size(item);
            if (items.Count == limit || bytes >= MaxPageBytes)
            {
                return (items, bytes, itemKey);
            }
        }

        return (items, bytes, null);
    }
}
