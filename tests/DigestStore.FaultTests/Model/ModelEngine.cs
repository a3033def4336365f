using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

/// <summary>
/// The engine as the proxy asks it. Requests reach it one after the other, in the order in which they were let through, so no old
/// request overtakes a newer one. A batch with a poisoned item is refused as a whole, as DynamoDB refuses an invalid one.
/// </summary>
internal sealed class ModelEngine(Uri engine) : IDisposable
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false });

    private readonly SemaphoreSlim _turn = new(1, 1);

    public void Dispose() => _turn.Dispose();

    /// <summary>Carries a request out and says so in <paramref name="request"/>.</summary>
    public async Task<Reply> ApplyAsync(RecordedRequest recorded, ModelRequest request)
    {
        ModelPut[] puts = [.. recorded.Writes.Where(write => write.ContainsKey("PutRequest")).Select(ModelPut.Of)];
        if (puts.Any(put => ModelProfile.IsPoison(put.Title)))
        {
            return Reply.Error(400, "ValidationException", "One or more parameter values were invalid");
        }

        using var message = new HttpRequestMessage(HttpMethod.Post, engine) { Content = new StringContent(recorded.Body.ToJsonString()) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-amz-json-1.0");
        message.Headers.Add("X-Amz-Target", "DynamoDB_20120810." + recorded.Operation);
        message.Headers.TryAddWithoutValidation("Authorization", "AWS4-HMAC-SHA256 Credential=test/20261121/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0");
        await _turn.WaitAsync();
        try
        {
            using HttpResponseMessage response = await Http.SendAsync(message);
            byte[] body = await response.Content.ReadAsByteArrayAsync();
            if (response.IsSuccessStatusCode)
            {
                Array.ForEach(puts, request.Applied.Enqueue);
            }

            return new Reply { Status = (int)response.StatusCode, Body = body };
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Carries out a part and hands the rest back, as DynamoDB may at any time. Of an UpdateItem there are no parts.</summary>
    public Task<Reply> ApplyPartlyAsync(RecordedRequest recorded, ModelRequest request, Random random)
    {
        bool IsTaken() => request.Move != ModelMove.NothingProcessed && random.Next(2) == 0;
        switch (recorded.Operation)
        {
            case "BatchWriteItem":
                return SplitAsync(recorded, request, "UnprocessedItems", table => table.AsArray(), (_, writes) => writes, IsTaken);
            case "BatchGetItem":
                return SplitAsync(recorded, request, "UnprocessedKeys", table => table["Keys"]!.AsArray(), WithKeys, IsTaken);
            case "Query":
                JsonObject body = recorded.Body.DeepClone().AsObject();
                body["Limit"] = random.Next(1, 20);
                return ApplyAsync(recorded with { Body = body }, request);
            default:
                return ApplyAsync(recorded, request);
        }
    }

    private async Task<Reply> SplitAsync(
        RecordedRequest recorded, ModelRequest request, string leftName, Func<JsonNode, JsonArray> elementsOf, Func<JsonNode, JsonArray, JsonNode> with, Func<bool> isTaken)
    {
        (string name, JsonNode? table) = recorded.Body["RequestItems"]!.AsObject().Single();
        var (taken, left) = (new JsonArray(), new JsonArray());
        foreach (JsonNode? element in elementsOf(table!))
        {
            (isTaken() ? taken : left).Add(element!.DeepClone());
        }

        // DynamoDB judges the whole batch before it leaves anything over.
        if (request.Puts.Any(put => ModelProfile.IsPoison(put.Title)))
        {
            return await ApplyAsync(recorded, request);
        }

        JsonObject answer = leftName == "UnprocessedItems" ? [] : new JsonObject { ["Responses"] = new JsonObject { [name] = new JsonArray() } };
        if (taken.Count > 0)
        {
            JsonObject body = recorded.Body.DeepClone().AsObject();
            body["RequestItems"] = new JsonObject { [name] = with(table!, taken) };
            Reply reply = await ApplyAsync(recorded with { Body = body }, request);
            if (reply.Status != 200)
            {
                return reply;
            }

            answer = reply.ParseBody();
        }

        answer[leftName] = left.Count == 0 ? new JsonObject() : new JsonObject { [name] = with(table!, left) };
        return Reply.Of(200, answer);
    }

    private static JsonObject WithKeys(JsonNode table, JsonArray keys)
    {
        JsonObject copy = table.DeepClone().AsObject();
        copy["Keys"] = keys;
        return copy;
    }
}
