using System.Text.Json.Nodes;

namespace DigestStore.TestSupport;

/// <summary>
/// What a rule answers with. This file has the faults that DynamoDB itself answers with; <c>Fault.Http.cs</c> those of what
/// stands between (proxies, portals), <c>Fault.Wire.cs</c> those of the connection. All are immutable and may be shared.
/// </summary>
public sealed partial class Fault
{
    private readonly Func<Exchange, CancellationToken, Task> _play;

    private Fault(Func<Exchange, CancellationToken, Task> play)
    {
        _play = play;
    }

    /// <summary>The healthy answer.</summary>
    public static Fault None { get; } = Rewrite(reply => reply);

    /// <summary>Anything that the others cannot do.</summary>
    public static Fault Custom(Func<Exchange, CancellationToken, Task> play) => new(play);

    /// <summary>An error in DynamoDB's own words; nothing is applied.</summary>
    public static Fault Error(string code, string message = "scripted", int status = 400) => Answer(Reply.Error(status, code, message));

    /// <summary>The table is over its capacity, with the reasons that DynamoDB sends along.</summary>
    public static Fault Throttle()
    {
        const string Code = "ProvisionedThroughputExceededException";
        return Answer(Reply.Of(400, new JsonObject
        {
            ["__type"] = "com.amazonaws.dynamodb.v20120810#" + Code,
            ["message"] = "The level of configured provisioned throughput for the table was exceeded.",
            ["ThrottlingReasons"] = new JsonArray(new JsonObject
            {
                ["reason"] = "TableWriteProvisionedThroughputExceeded",
                ["resource"] = "arn:aws:dynamodb:us-east-1:000000000000:table/scripted",
            }),
        }));
    }

    /// <summary>A 500 in DynamoDB's words; nothing is applied. For an applied one see <see cref="Applied"/>.</summary>
    public static Fault InternalServerError() => Error("InternalServerError", "Internal server error", 500);

    /// <summary>The request takes effect, and then the answer goes wrong: <c>Fault.Applied(Fault.Reset())</c>.</summary>
    public static Fault Applied(Fault then)
    {
        ArgumentNullException.ThrowIfNull(then);
        return new Fault(async (exchange, stop) =>
        {
            exchange.Process();
            await then.PlayAsync(exchange, stop);
        });
    }

    /// <summary>Changes the healthy answer after it took effect, such as strangers in <c>UnprocessedItems</c>.</summary>
    public static Fault RewriteBody(Action<JsonObject> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return Rewrite(reply =>
        {
            var body = reply.ParseBody();
            change(body);
            return Reply.Of(reply.Status, body) with { Headers = reply.Headers };
        });
    }

    /// <summary>BatchWriteItem leaves this share of the batch unprocessed, counted from its end and rounded up; the rest is applied.</summary>
    public static Fault Unprocessed(double share = 1)
    {
        return UnprocessedWhere((index, count) => index >= count - (int)Math.Ceiling(count * share));
    }

    /// <summary>BatchWriteItem leaves the writes unprocessed that the condition holds for; the rest is applied.</summary>
    public static Fault Unprocessed(Func<JsonObject, bool> isLeftOver)
    {
        return new Fault((exchange, stop) => exchange.SendAsync(PartialBatch.Process(exchange, (write, _, _) => isLeftOver(write)), stop));
    }

    /// <summary>BatchWriteItem applies this many writes and leaves the others.</summary>
    public static Fault ProcessOnly(int applied) => UnprocessedWhere((index, _) => index >= applied);

    internal Task PlayAsync(Exchange exchange, CancellationToken stop) => _play(exchange, stop);

    private static Fault UnprocessedWhere(Func<int, int, bool> isLeftOver)
    {
        return new Fault((exchange, stop) => exchange.SendAsync(PartialBatch.Process(exchange, (_, index, count) => isLeftOver(index, count)), stop));
    }

    private static Fault Answer(Reply reply) => new((exchange, stop) => exchange.SendAsync(reply, stop));

    private static Fault Rewrite(Func<Reply, Reply> change) => new((exchange, stop) => exchange.SendAsync(change(exchange.Process()), stop));

}
