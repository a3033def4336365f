using System.Text.Json.Nodes;

namespace DigestStore.TestSupport;

internal static class SingleItemOperations
{
    public static JsonObject Get(OperationContext context)
    {
        var scope = new ExpressionScope(context.Body);
        var projection = Projection.Of(context.Text("ProjectionExpression"), scope);
        scope.AssertAllUsed();
        var item = context.Table.Find(context.Key());
        var answer = new JsonObject();
        if (item is not null)
        {
            answer["Item"] = projection.Apply(item);
        }

        context.Report(answer, CapacityUnits.Read(item is null ? 0 : ItemRules.Size(item), context.IsConsistent));
        return answer;
    }

    public static JsonObject Put(OperationContext context)
    {
        var item = context.Body["Item"]!.DeepClone().AsObject();
        var key = ItemRules.KeyOf(item, context.Options);
        ItemRules.Validate(item);
        return Write(context, key, new ExpressionScope(context.Body), _ => item);
    }

    public static JsonObject Delete(OperationContext context) => Write(context, context.Key(), new ExpressionScope(context.Body), _ => null);

    public static JsonObject Update(OperationContext context)
    {
        var key = context.Key();
        var scope = new ExpressionScope(context.Body);
        var update = context.Text("UpdateExpression") is { } text ? ParseUpdate(text, scope, context.Options) : null;
        return Write(context, key, scope, before =>
        {
            var after = before?.DeepClone().AsObject() ?? context.Body["Key"]!.DeepClone().AsObject();
            update?.Apply(before ?? [], after);
            ItemRules.Validate(after);
            return after;
        });
    }

    private static UpdateExpression ParseUpdate(string text, ExpressionScope scope, ScriptedEndpointOptions options)
    {
        var update = UpdateExpression.Parse(text, scope);
        var keyPart = update.Targets.FirstOrDefault(name => name == options.PartitionKey || name == options.SortKey);
        return keyPart is null
            ? update
            : throw DynamoDbError.Validation($"One or more parameter values were invalid: Cannot update attribute {keyPart}. This attribute is part of the key");
    }

    private static JsonObject Write(OperationContext context, ItemKey key, ExpressionScope scope, Func<JsonObject?, JsonObject?> change)
    {
        var table = context.Table;
        var condition = context.Text("ConditionExpression") is { } text ? Condition.Parse(text, scope) : null;
        scope.AssertAllUsed();
        var before = table.Find(key);
        if (condition?.Holds(before ?? []) == false)
        {
            bool showsItem = context.Text("ReturnValuesOnConditionCheckFailure") == "ALL_OLD";
            throw new DynamoDbError("ConditionalCheckFailedException", "The conditional request failed") { Item = showsItem ? before?.DeepClone().AsObject() : null };
        }

        var after = change(before);
        if (after is null)
        {
            table.Remove(key);
        }
        else
        {
            table.Put(key, after);
        }

        var answer = new JsonObject();
        if (Returned(context, before, after) is { } returned)
        {
            answer["Attributes"] = returned;
        }

        context.Report(answer, CapacityUnits.Write(before, after));
        return answer;
    }

    private static JsonNode? Returned(OperationContext context, JsonObject? before, JsonObject? after) => context.Text("ReturnValues") switch
    {
        "ALL_NEW" => after?.DeepClone(),
        "ALL_OLD" => before?.DeepClone(),
        "UPDATED_NEW" => Changed(after, before),
        "UPDATED_OLD" => Changed(before, after),
        _ => null,
    };

    private static JsonObject? Changed(JsonObject? of, JsonObject? comparedTo) => of is null ? null : new JsonObject(
        of.Where(attribute => !JsonNode.DeepEquals(attribute.Value, comparedTo?[attribute.Key]))
            .Select(attribute => KeyValuePair.Create(attribute.Key, attribute.Value?.DeepClone())));
}
