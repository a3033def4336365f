using System.Text.Json.Nodes;

namespace DigestStore.TestSupport;

/// <summary>Applies a part of a BatchWriteItem and hands the rest back as <c>UnprocessedItems</c>.</summary>
internal static class PartialBatch
{
    public static Reply Process(Exchange exchange, Func<JsonObject, int, int, bool> isLeftOver)
    {
        var request = exchange.Request;
        if (request.Operation != "BatchWriteItem")
        {
            return exchange.Process();
        }

        var count = request.Writes.Count();
        var index = 0;
        var processed = new JsonObject();
        var leftOver = new JsonObject();
        foreach (var (table, writes) in request.Body["RequestItems"]!.AsObject())
        {
            foreach (var write in writes!.AsArray())
            {
                var target = isLeftOver(write!.AsObject(), index++, count) ? leftOver : processed;
                target[table] ??= new JsonArray();
                target[table]!.AsArray().Add(write.DeepClone());
            }
        }

        // The whole batch is judged first: DynamoDB refuses an invalid one and leaves nothing over.
        if (exchange.Validate() is { } refusal)
        {
            return refusal;
        }

        if (processed.Count == 0)
        {
            return Reply.Of(200, new JsonObject { ["UnprocessedItems"] = leftOver });
        }

        var body = request.Body.DeepClone().AsObject();
        body["RequestItems"] = processed;
        var reply = exchange.Process(request with { Body = body });
        if (reply.Status != 200)
        {
            return reply;
        }

        var answer = reply.ParseBody();
        answer["UnprocessedItems"] = leftOver;
        return Reply.Of(200, answer);
    }
}
