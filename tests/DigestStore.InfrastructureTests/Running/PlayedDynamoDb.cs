using System.Net;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using DigestStore.TestSupport;

namespace DigestStore.InfrastructureTests.Running;

/// <summary>The in-memory DynamoDB behind the SDK's own pipeline, without a socket, so that a virtual clock sees everything that is under way.</summary>
internal sealed class PlayedDynamoDb(TimeProvider time) : HttpMessageHandler
{
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    public MemoryDatabase Database { get; } = new(new ScriptedEndpointOptions { Time = time });

    /// <summary>What each request is answered with; at first, healthily and at once.</summary>
    public Func<RecordedRequest, Play> Script { get; set; } = static _ => Play.Healthy;

    public HttpClientFactory Clients => new OneHandler(this);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        byte[] body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
        string operation = request.Headers.GetValues("X-Amz-Target").Single().Split('.')[^1];
        var recorded = new RecordedRequest
        {
            Operation = operation,
            Number = Count(operation),
            Body = JsonNode.Parse(body)!.AsObject(),
            BodyLength = body.Length,
            Headers = new Dictionary<string, string>(),
            At = time.GetUtcNow(),
        };
        Play play = Script(recorded);
        await Task.Delay(play.After, time, cancellationToken);
        Reply reply = play.Answer(Database, recorded);
        var content = new ByteArrayContent(reply.Body);
        content.Headers.ContentType = new(reply.ContentType);
        return new HttpResponseMessage((HttpStatusCode)reply.Status) { Content = content };
    }

    private int Count(string operation)
    {
        lock (_gate)
        {
            return _counts[operation] = _counts.GetValueOrDefault(operation) + 1;
        }
    }

    private sealed class OneHandler(HttpMessageHandler handler) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(handler, disposeHandler: false);

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

        public override string? GetConfigUniqueString(IClientConfig clientConfig) => null;
    }
}

/// <summary>An answer of <see cref="PlayedDynamoDb"/>, and how long it takes.</summary>
internal sealed record Play(Func<MemoryDatabase, RecordedRequest, Reply> Answer, TimeSpan After = default)
{
    public static Play Healthy { get; } = new(static (database, request) => database.Process(request));

    public static Play Throttled { get; } = Error("ProvisionedThroughputExceededException");

    public static Play Broken { get; } = Error("InternalServerError", 500);

    public static Play Denied { get; } = Error("AccessDeniedException");

    public static Play Error(string code, int status = 400) => new((_, _) => Reply.Error(status, code, "played"));

    /// <summary>Of a BatchWriteItem, the writes that the condition holds for come back unprocessed; the others take effect.</summary>
    public static Play Leave(Func<JsonNode, int, bool> isLeft) => new((database, request) =>
    {
        if (request.Operation != "BatchWriteItem")
        {
            return database.Process(request);
        }

        (string table, JsonNode? writes) = request.Body["RequestItems"]!.AsObject().Single();
        ILookup<bool, JsonNode> byFate = writes!.AsArray().Select(static (write, index) => (write!, index)).ToLookup(pair => isLeft(pair.Item1, pair.index), static pair => pair.Item1.DeepClone());
        JsonObject answer = byFate[false].Any() ? database.Process(request with { Body = With(request.Body, table, new JsonArray([.. byFate[false]])) }).ParseBody() : [];
        answer["UnprocessedItems"] = byFate[true].Any() ? new JsonObject { [table] = new JsonArray([.. byFate[true]]) } : new JsonObject();
        return Reply.Of(200, answer);
    });

    /// <summary>Of a BatchGetItem, the keys at the places that the condition holds for come back unprocessed; the others are answered.</summary>
    public static Play LeaveKeys(Func<int, bool> isLeft) => new((database, request) =>
    {
        (string table, JsonNode? asked) = request.Body["RequestItems"]!.AsObject().Single();
        ILookup<bool, JsonNode> byFate = asked!["Keys"]!.AsArray().Select(static (key, index) => (key!, index)).ToLookup(pair => isLeft(pair.index), static pair => pair.Item1.DeepClone());
        JsonObject answer = byFate[false].Any()
            ? database.Process(request with { Body = With(request.Body, table, Keys(byFate[false])) }).ParseBody()
            : new JsonObject { ["Responses"] = new JsonObject() };
        answer["UnprocessedKeys"] = byFate[true].Any() ? new JsonObject { [table] = Keys(byFate[true]) } : new JsonObject();
        return Reply.Of(200, answer);

        JsonObject Keys(IEnumerable<JsonNode> keys)
        {
            JsonObject copy = asked.DeepClone().AsObject();
            copy["Keys"] = new JsonArray([.. keys]);
            return copy;
        }
    });

    private static JsonObject With(JsonObject body, string table, JsonNode items)
    {
        JsonObject copy = body.DeepClone().AsObject();
        copy["RequestItems"] = new JsonObject { [table] = items };
        return copy;
    }
}
