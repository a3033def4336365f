using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace DigestStore.TestSupport;

/// <summary>
/// An HTTP/1.1 server on a free loopback port that speaks DynamoDB's JSON protocol: a small, correct, in-memory DynamoDB, except
/// where a rule says otherwise. It owns its sockets, so rules reach below HTTP: resets, stalls, half bodies.
/// </summary>
/// <example>
/// <code>
/// await using var server = ScriptedEndpoint.Start();
/// server.On("BatchWriteItem").Nth(2).Answer(Fault.Throttle()).Times(1);
/// using var client = Engines.CreateClient(server.Uri);
/// </code>
/// </example>
public sealed class ScriptedEndpoint : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Connection, Task> _connections = new();
    private readonly RuleBook _rules = new();
    private readonly Task _accepting;
    private int _accepted;
    private int _busy;

    private ScriptedEndpoint(ScriptedEndpointOptions options)
    {
        Options = options;
        Database = new MemoryDatabase(options);
        Requests = new RequestLog(options);
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(512);
        Uri = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}/");
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Where it listens.</summary>
    public Uri Uri { get; }

    /// <summary>What it stores: the oracle of a test, and the way to seed one.</summary>
    public MemoryDatabase Database { get; }

    /// <summary>What it was asked, in order of arrival.</summary>
    public RequestLog Requests { get; }

    /// <summary>Connections accepted so far, and how many of them are open.</summary>
    public int AcceptedConnections => Volatile.Read(ref _accepted);

    /// <inheritdoc cref="AcceptedConnections"/>
    public int OpenConnections => _connections.Count;

    /// <summary>True while a request is being answered; one that a rule holds back or stalls does not count. What a virtual clock waits for.</summary>
    public bool IsBusy => Volatile.Read(ref _busy) > 0;

    internal ScriptedEndpointOptions Options { get; }

    public static ScriptedEndpoint Start(ScriptedEndpointOptions? options = null) => new(options ?? new ScriptedEndpointOptions());

    /// <summary>Begins a rule for one operation, such as <c>BatchWriteItem</c>. Of several rules that fit, the first one that is not used up answers.</summary>
    public RuleBuilder On(string operation) => new(_rules, operation);

    /// <summary>Begins a rule for every operation.</summary>
    public RuleBuilder OnAny() => new(_rules, null);

    /// <summary>Forgets every rule: the outage is over.</summary>
    public void ClearRules() => _rules.Clear();

    /// <summary>
    /// Closes the connections on which no request is under way, as a server does when keep-alive runs out. Waits for requests that
    /// are being answered, since a client has its answer a moment before the server is done with it.
    /// </summary>
    public async Task CloseIdleConnectionsAsync()
    {
        for (var wait = 0; IsBusy && wait < 5000; wait++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1));
        }

        foreach (var connection in _connections.Keys)
        {
            connection.CloseIfIdle();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        foreach (var connection in _connections.Keys)
        {
            connection.Reset();
        }

        await Task.WhenAll(_connections.Values);
        _stop.Dispose();
    }

    internal void EnterBusy() => Interlocked.Increment(ref _busy);

    internal void LeaveBusy() => Interlocked.Decrement(ref _busy);

    internal Fault Choose(RecordedRequest request) => _rules.Choose(request);

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync(_stop.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                continue;
            }

            var connection = new Connection(socket);
            Interlocked.Increment(ref _accepted);
            var served = new TaskCompletionSource();
            _connections[connection] = served.Task;
            _ = Task.Run(() => ServeAsync(connection, served));
        }
    }

    private async Task ServeAsync(Connection connection, TaskCompletionSource served)
    {
        try
        {
            await new ConnectionLoop(this, connection).RunAsync(_stop.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // The client went away, or the server is stopping: both are everyday life here.
        }
        catch (Exception exception)
        {
            Requests.ReportProblem(exception);
        }
        finally
        {
            connection.Reset();
            _connections.TryRemove(connection, out _);
            served.SetResult();
        }
    }
}
