using System.Net;
using System.Text.Json.Nodes;
using DigestStore.Doctor;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

internal enum SoakFault
{
    None,
    Throttle,
    Partial,
    Error500,
    Applied500,
    AppliedReset,
    Stall,
    Garbage,
    Slow,
}

/// <summary>The in-memory DynamoDB of the tests behind an <see cref="HttpMessageHandler"/>: no socket, virtual time, faults drawn by seed.</summary>
internal sealed class FaultyServer(int seed, TimeProvider time, MemoryDatabase database) : HttpMessageHandler
{
    private const double HealthyShare = 0.6;
    private static readonly SoakFault[] Faults = Enum.GetValues<SoakFault>()[1..];

    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);
    private int _requests;

    public bool IsHealthy { get; set; }

    public int Requests => Volatile.Read(ref _requests);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        int number = Interlocked.Increment(ref _requests);
        byte[] body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
        var recorded = new RecordedRequest
        {
            Operation = request.Headers.GetValues("X-Amz-Target").Single().Split('.')[^1],
            Number = number,
            Body = JsonNode.Parse(body)!.AsObject(),
            BodyLength = body.Length,
            Headers = new Dictionary<string, string>(),
            At = time.GetUtcNow(),
        };
        (SoakFault fault, Random random) = Draw();
        switch (fault)
        {
            case SoakFault.Throttle:
                return Answer(Reply.Error(400, "ProvisionedThroughputExceededException", "soak"));
            case SoakFault.Partial:
                return Answer(Partly(recorded, random));
            case SoakFault.Error500:
                return Answer(Reply.Error(500, "InternalServerError", "soak"));
            case SoakFault.Applied500:
                database.Process(recorded);
                return Answer(Reply.Error(500, "InternalServerError", "soak"));
            case SoakFault.AppliedReset:
                database.Process(recorded);
                throw new HttpRequestException("An error occurred while sending the request.", new IOException("Connection reset by peer"));
            case SoakFault.Garbage:
                return Answer(new Reply { Status = 200, ContentType = "text/html", Body = "<html>sign in first</html>"u8.ToArray() });
            case SoakFault.Stall:
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                break;
            case SoakFault.Slow:
                Reply late = database.Process(recorded);
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(10, 6_000)), time, cancellationToken);
                return Answer(late);
        }

        return Answer(database.Process(recorded));
    }

    private (SoakFault Fault, Random Random) Draw()
    {
        lock (_gate)
        {
            SoakFault fault = IsHealthy || _random.NextDouble() < HealthyShare ? SoakFault.None : Faults[_random.Next(Faults.Length)];
            return (fault, new Random(_random.Next()));
        }
    }

    private Reply Partly(RecordedRequest request, Random random)
    {
        switch (request.Operation)
        {
            case "BatchWriteItem":
                return Split(request, "UnprocessedItems", table => table.AsArray(), (table, left) => left, random);
            case "BatchGetItem":
                return Split(request, "UnprocessedKeys", table => table["Keys"]!.AsArray(), WithKeys, random);
            case "Query":
                // Short pages: DynamoDB may end one anywhere.
                JsonObject body = request.Body.DeepClone().AsObject();
                body["Limit"] = random.Next(1, 20);
                return database.Process(request with { Body = body });
            default:
                return database.Process(request);
        }
    }

    // Both operations have one table; what is not drawn is processed, the rest handed back.
    private Reply Split(RecordedRequest request, string leftName, Func<JsonNode, JsonArray> elementsOf, Func<JsonNode, JsonArray, JsonNode> with, Random random)
    {
        (string name, JsonNode? table) = request.Body["RequestItems"]!.AsObject().Single();
        var (taken, left) = (new JsonArray(), new JsonArray());
        foreach (JsonNode? element in elementsOf(table!))
        {
            (random.Next(2) == 0 ? taken : left).Add(element!.DeepClone());
        }

        var answer = new JsonObject();
        if (taken.Count > 0)
        {
            JsonObject body = request.Body.DeepClone().AsObject();
            body["RequestItems"] = new JsonObject { [name] = with(table!, taken) };
            Reply reply = database.Process(request with { Body = body });
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

    private static HttpResponseMessage Answer(Reply reply)
    {
        var content = new ByteArrayContent(reply.Body);
        content.Headers.ContentType = new(reply.ContentType);
        return new HttpResponseMessage((HttpStatusCode)reply.Status) { Content = content };
    }
}
