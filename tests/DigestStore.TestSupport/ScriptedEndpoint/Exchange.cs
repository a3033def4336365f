namespace DigestStore.TestSupport;

/// <summary>One request and the wire its answer goes out on: what a <see cref="Fault"/> works with.</summary>
public sealed class Exchange
{
    private readonly ScriptedEndpoint _server;
    private readonly Connection _connection;
    private readonly BusyMark _busy;

    internal Exchange(ScriptedEndpoint server, Connection connection, RecordedRequest request, BusyMark busy)
    {
        _server = server;
        _connection = connection;
        _busy = busy;
        Request = request;
    }

    public RecordedRequest Request { get; }

    /// <summary>The endpoint's own clock.</summary>
    public TimeProvider Time => _server.Options.Time;

    internal bool IsClosed { get; private set; }

    /// <summary>Lets the in-memory DynamoDB do what the request says (or what <paramref name="instead"/> says) and returns its answer unsent.</summary>
    public Reply Process(RecordedRequest? instead = null)
    {
        try
        {
            return _server.Database.Process(instead ?? Request);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A bug of the endpoint must fail the test that met it, and must not look like an outage of DynamoDB.
            _server.Requests.ReportProblem(exception);
            return Reply.Error(400, "ScriptedEndpointProblem", exception.ToString());
        }
    }

    /// <summary>The error that the in-memory DynamoDB would refuse this BatchWriteItem with; null if it would take it. Changes nothing.</summary>
    internal Reply? Validate() => _server.Database.Validate(Request);

    /// <summary>Sends head and body in one piece.</summary>
    public Task SendAsync(Reply reply, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(reply);
        return SendAsync([.. reply.Head(), .. reply.Body], stop);
    }

    public Task SendAsync(byte[] bytes, CancellationToken stop) => _connection.Stream.WriteAsync(bytes, stop).AsTask();

    /// <summary>Sends the answer and the FIN in one packet, so that the client cannot use the connection in between.</summary>
    public async Task SendLastAsync(Reply reply, CancellationToken stop)
    {
        _connection.HoldBack();
        await SendAsync(reply, stop);
        Finish();
    }

    /// <summary>Sends pieces of <paramref name="size"/> bytes with a pause after each.</summary>
    public async Task SendSlowlyAsync(ReadOnlyMemory<byte> bytes, int size, TimeSpan pause, CancellationToken stop)
    {
        for (var sent = 0; sent < bytes.Length; sent += size)
        {
            await _connection.Stream.WriteAsync(bytes.Slice(sent, Math.Min(size, bytes.Length - sent)), stop);
            await PauseAsync(pause, stop);
        }
    }

    public async Task PauseAsync(TimeSpan pause, CancellationToken stop)
    {
        Park();
        await Task.Delay(pause, Time, stop);
    }

    /// <summary>Says nothing until the client goes away or the server stops.</summary>
    public async Task StallAsync(CancellationToken stop)
    {
        Park();
        IsClosed = true;
        var buffer = new byte[1024];
        while (await _connection.Stream.ReadAsync(buffer, stop) > 0)
        {
        }
    }

    /// <summary>No longer counts as busy: from here on it waits for somebody.</summary>
    public void Park() => _busy.Dispose();

    /// <summary>A RST.</summary>
    public void Reset()
    {
        IsClosed = true;
        _connection.Reset();
    }

    /// <summary>A FIN after what was sent.</summary>
    public void Finish()
    {
        IsClosed = true;
        _connection.Finish();
    }
}
