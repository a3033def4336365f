namespace DigestStore.TestSupport;

public sealed partial class Fault
{
    /// <summary>A RST before any byte of the answer; nothing is applied.</summary>
    public static Fault Reset() => Cut(exchange => exchange.Reset());

    /// <summary>A FIN before any byte of the answer; nothing is applied.</summary>
    public static Fault Close() => Cut(exchange => exchange.Finish());

    /// <summary>A RST in the middle of the healthy answer's body; it took effect.</summary>
    public static Fault ResetInBody() => HalfBody((exchange, _) =>
    {
        exchange.Reset();
        return Task.CompletedTask;
    });

    /// <summary>A FIN in the middle of the healthy answer's body, which is shorter than its Content-Length; it took effect.</summary>
    public static Fault Truncated() => HalfBody((exchange, _) =>
    {
        exchange.Finish();
        return Task.CompletedTask;
    });

    /// <summary>Half of the healthy answer's body, then silence for ever; it took effect.</summary>
    public static Fault StallInBody() => HalfBody((exchange, stop) => exchange.StallAsync(stop));

    /// <summary>Silence for ever; nothing is applied.</summary>
    public static Fault Stall() => new((exchange, stop) => exchange.StallAsync(stop));

    /// <summary>100 Continue, then silence; nothing is applied.</summary>
    public static Fault ContinueThenStall() => new(async (exchange, stop) =>
    {
        await exchange.SendAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), stop);
        await exchange.StallAsync(stop);
    });

    /// <summary>The healthy answer in small pieces; it took effect.</summary>
    public static Fault SlowBody(int pieceSize, TimeSpan pause) => new(async (exchange, stop) =>
    {
        var reply = exchange.Process();
        await exchange.SendAsync(reply.Head(), stop);
        await exchange.SendSlowlyAsync(reply.Body, pieceSize, pause, stop);
    });

    /// <summary>The healthy answer in small pieces from the status line on; it took effect.</summary>
    public static Fault SlowAnswer(int pieceSize, TimeSpan pause) => new(async (exchange, stop) =>
    {
        var reply = exchange.Process();
        await exchange.SendSlowlyAsync(new ReadOnlyMemory<byte>([.. reply.Head(), .. reply.Body]), pieceSize, pause, stop);
    });

    /// <summary>Latency, then another answer (default: the healthy one).</summary>
    public static Fault Delay(TimeSpan delay, Fault? then = null) => new(async (exchange, stop) =>
    {
        await exchange.PauseAsync(delay, stop);
        await (then ?? None).PlayAsync(exchange, stop);
    });

    /// <summary>Holds the request back until a test lets it go, then answers (default: healthily).</summary>
    public static Fault Hold(Task until, Fault? then = null) => new(async (exchange, stop) =>
    {
        exchange.Park();
        await until.WaitAsync(stop);
        await (then ?? None).PlayAsync(exchange, stop);
    });

    /// <summary>Bytes that are no HTTP, then a FIN; nothing is applied.</summary>
    public static Fault Garbage() => Raw("\u0016\u0003\u0001 this is not HTTP\r\n\r\n"u8.ToArray());

    /// <summary>These very bytes, then a FIN; nothing is applied.</summary>
    public static Fault Raw(byte[] bytes) => new(async (exchange, stop) =>
    {
        await exchange.SendAsync(bytes, stop);
        exchange.Finish();
    });

    /// <summary>A chunked answer whose chunk length is no number; nothing is applied.</summary>
    public static Fault BadChunk() => Raw("HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"u8.ToArray());

    /// <summary>The healthy answer with bytes after its end; the connection stays open.</summary>
    public static Fault TrailingBytes() => new(async (exchange, stop) =>
    {
        var reply = exchange.Process();
        await exchange.SendAsync([.. reply.Head(), .. reply.Body, .. "HTTP/1.1 200 leftovers"u8], stop);
    });

    /// <summary>The healthy answer, then a FIN without having announced it, as when keep-alive runs out.</summary>
    public static Fault CloseAfterAnswer() => new((exchange, stop) => exchange.SendLastAsync(exchange.Process(), stop));

    private static Fault Cut(Action<Exchange> cut) => new((exchange, _) =>
    {
        cut(exchange);
        return Task.CompletedTask;
    });

    // An answer may be as short as "{}", of which half is one byte.
    private static Fault HalfBody(Func<Exchange, CancellationToken, Task> then) => new(async (exchange, stop) =>
    {
        var reply = exchange.Process();
        await exchange.SendAsync([.. reply.Head(), .. reply.Body.AsSpan(0, reply.Body.Length / 2)], stop);
        await then(exchange, stop);
    });
}
