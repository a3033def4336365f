using System.Text.Json.Nodes;

namespace DigestStore.TestSupport;

internal static class BatchGetOperation
{
    private const int MaxKeys = 100;
    private const int MaxBytes = 16 * 1024 * 1024;

    public static JsonObject Run(OperationContext context)
    {
        var requested = context.Body["RequestItems"] as JsonObject ?? [];
        if (requested.Sum(table => table.Value!["Keys"]!.AsArray().Count) is 0 or > MaxKeys)
        {
            throw DynamoDbError.Validation("Too many items requested for the BatchGetItem call, or none");
        }

        var (responses, unprocessed, units, bytes) = (new JsonObject(), new JsonObject(), new Dictionary<string, double>(), 0);
        foreach (var (name, request) in requested)
        {
            var table = context.Open(name);
            var keys = request!["Keys"]!.AsArray();
            if (keys.Select(key => ItemRules.ExactKey(key, context.Options)).Distinct().Count() != keys.Count)
            {
                throw DynamoDbError.Validation("Provided list of item keys contains duplicates");
            }

            var scope = new ExpressionScope(request.AsObject());
            var projection = Projection.Of(request["ProjectionExpression"]?.GetValue<string>(), scope);
            scope.AssertAllUsed();
            var found = new JsonArray();
            var left = new JsonArray();
            foreach (var key in keys)
            {
                var item = table.Find(ItemRules.ExactKey(key, context.Options));
                var size = item is null ? 0 : ItemRules.Size(item);
                if (bytes + size > MaxBytes)
                {
                    left.Add(key!.DeepClone());
                    continue;
                }

                bytes += size;
                units[name] = units.GetValueOrDefault(name) + CapacityUnits.Read(size, request["ConsistentRead"]?.GetValue<bool>() ?? false);
                if (item is not null)
                {
                    found.Add(projection.Apply(item));
                }
            }

            responses[name] = found;
            if (left.Count > 0)
            {
                var rest = request.DeepClone().AsObject();
                rest["Keys"] = left;
                unprocessed[name] = rest;
            }
        }

        var answer = new JsonObject { ["Responses"] = responses, ["UnprocessedKeys"] = unprocessed };
        context.Report(answer, units, asList: true);
        return answer;
    }
}
