using System.Text.Json.Nodes;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

/// <summary>
/// Stands between the library and a real engine, and does to each request what the seed and the request's number say.
/// </summary>
internal sealed class ModelProxy : IAsyncDisposable
{
    private static readonly HttpClient Fence = new(new SocketsHttpHandler { UseProxy = false });
    private static readonly Dictionary<string, string?> NoChecksum = new() { ["x-amz-crc32"] = null };
    private static readonly byte[] Html = "<html>sign in first</html>"u8.ToArray();

    private readonly ModelProfile _profile;
    private readonly ModelEngine _engine;
    private readonly ScriptedEndpoint _server = ScriptedEndpoint.Start(new ScriptedEndpointOptions { KeepRequests = false });
    private readonly Lock _gate = new();
    private readonly List<ModelRequest> _requests = [];
    private readonly HashSet<string> _refused = [];
    private TaskCompletionSource? _idle;
    private int _count;
    private int _underWay;

    public ModelProxy(Uri engine, ModelProfile profile)
    {
        (_profile, _engine) = (profile, new ModelEngine(engine));
        _server.OnAny().Answer(Fault.Custom(AnswerAsync));
    }

    public Uri Uri => _server.Uri;

    /// <summary>No faults any more, but poison stays poison.</summary>
    public bool IsHealthy { get; set; }

    /// <summary>Told of each request's number, before anything is done to it.</summary>
    public Action<int> Arrived { get; set; } = static _ => { };

    public int Count => Volatile.Read(ref _count);

    /// <summary>Faults of the test's own server; there must be none.</summary>
    public IReadOnlyCollection<Exception> Problems => _server.Requests.Problems;

    /// <summary>Waits until no request is under way, and returns those since the last call. What was sent before this call has then arrived.</summary>
    public async Task<IReadOnlyList<ModelRequest>> TakeAsync()
    {
        // On a connection of its own: the server sees it after everything that was sent on others before.
        using (var fence = new HttpRequestMessage(HttpMethod.Get, Uri) { Headers = { ConnectionClose = true } })
        {
            using HttpResponseMessage passed = await Fence.SendAsync(fence);
        }

        Task idle;
        lock (_gate)
        {
            _idle = _underWay == 0 ? null : new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            idle = _idle?.Task ?? Task.CompletedTask;
        }

        await idle.WaitAsync(TimeSpan.FromSeconds(60));
        lock (_gate)
        {
            List<ModelRequest> taken = [.. _requests];
            _requests.Clear();
            _refused.Clear();
            return taken;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _engine.Dispose();
    }

    private async Task AnswerAsync(Exchange exchange, CancellationToken stop)
    {
        if (exchange.Request.Operation.Length == 0)
        {
            await exchange.SendAsync(new Reply { Status = 200 }, stop);
            return;
        }

        ModelRequest request = Enter(exchange.Request, out Random random);
        try
        {
            Arrived(request.Number);
            if (IsRefused(request))
            {
                await SendAsync(exchange, request, Reply.Error(400, "ValidationException", "refused again"), stop);
                return;
            }

            await PlayAsync(exchange, request, random, stop);
        }
        finally
        {
            Leave();
        }
    }

    private async Task PlayAsync(Exchange exchange, ModelRequest request, Random random, CancellationToken stop)
    {
        switch (request.Move)
        {
            case ModelMove.ResetBefore:
                exchange.Reset();
                return;
            case ModelMove.CloseBefore:
                exchange.Finish();
                return;
            case ModelMove.StallBefore:
                await exchange.StallAsync(stop);
                return;
            case ModelMove.NoHttpBefore:
                await exchange.SendAsync("\u0016\u0003\u0001 this is not HTTP\r\n\r\n"u8.ToArray(), stop);
                exchange.Finish();
                return;
            case ModelMove.LateBefore:
                await exchange.PauseAsync(TimeSpan.FromMilliseconds(random.Next(1, 10)), stop);
                break;
            case ModelMove.ServerErrorBefore or ModelMove.Throttle or ModelMove.Refuse or ModelMove.Deny or ModelMove.ForeignCode or ModelMove.HtmlBefore or ModelMove.EmptyBefore:
                await SendAsync(exchange, request, Rewritten(request.Move, random), stop);
                return;
        }

        Reply reply = request.Move is ModelMove.Partial or ModelMove.NothingProcessed or ModelMove.PartialThenReset
            ? await _engine.ApplyPartlyAsync(exchange.Request, request, random)
            : await _engine.ApplyAsync(exchange.Request, request);
        switch (request.Move)
        {
            case ModelMove.ResetAfter or ModelMove.PartialThenReset:
                exchange.Reset();
                return;
            case ModelMove.RefuseRetriesAfter:
                RefuseFromNowOn(request);
                exchange.Reset();
                return;
            case ModelMove.CloseAfter:
                exchange.Finish();
                return;
            case ModelMove.StallAfter:
                await exchange.StallAsync(stop);
                return;
            case ModelMove.CutInBodyAfter or ModelMove.StallInBodyAfter:
                await exchange.SendAsync([.. reply.Head(), .. reply.Body.AsSpan(0, reply.Body.Length / 2)], stop);
                if (request.Move == ModelMove.StallInBodyAfter)
                {
                    await exchange.StallAsync(stop);
                }

                exchange.Reset();
                return;
            case ModelMove.LateAfter:
                await exchange.PauseAsync(TimeSpan.FromMilliseconds(random.Next(1, 10)), stop);
                break;
            case ModelMove.Twice or ModelMove.TwiceThenReset:
                Reply second = await _engine.ApplyAsync(exchange.Request, request);
                if (request.Move == ModelMove.TwiceThenReset)
                {
                    exchange.Reset();
                    return;
                }

                reply = random.Next(2) == 0 ? reply : second;
                break;
            case ModelMove.ServerErrorAfter or ModelMove.HtmlAfter or ModelMove.EmptyAfter:
                reply = Rewritten(request.Move, random);
                break;
            case ModelMove.HalfJsonAfter:
                reply = reply with { Body = reply.Body[..(reply.Body.Length / 2)], Headers = NoChecksum };
                break;
            case ModelMove.WrongChecksumAfter:
                reply = reply with { Headers = new Dictionary<string, string?> { ["x-amz-crc32"] = "1" } };
                break;
        }

        await SendAsync(exchange, request, reply, stop);
    }

    private static Reply Rewritten(ModelMove move, Random random) => move switch
    {
        ModelMove.ServerErrorBefore or ModelMove.ServerErrorAfter => random.Next(3) switch
        {
            0 => Reply.Error(500, "InternalServerError", "model"),
            1 => Reply.Error(503, "ServiceUnavailable", "model"),
            _ => new Reply { Status = 502, ContentType = "text/html", Body = Html, Headers = NoChecksum },
        },
        ModelMove.Throttle => Reply.Error(400, random.Next(2) == 0 ? "ProvisionedThroughputExceededException" : "ThrottlingException", "model"),
        ModelMove.Refuse => Reply.Error(400, "ValidationException", "model"),
        ModelMove.Deny => Reply.Error(400, random.Next(2) == 0 ? "AccessDeniedException" : "ExpiredTokenException", "model"),
        ModelMove.ForeignCode => Reply.Error(400, "SomethingNewException", "model"),
        ModelMove.HtmlBefore or ModelMove.HtmlAfter => new Reply { Status = 200, ContentType = "text/html", Body = Html, Headers = NoChecksum },
        _ => new Reply { Status = 200, Headers = NoChecksum },
    };

    private ModelRequest Enter(RecordedRequest recorded, out Random random)
    {
        lock (_gate)
        {
            _underWay++;
            int number = ++_count;
            random = new Random(unchecked((_profile.Seed * 31_337) + number));
            var request = new ModelRequest
            {
                Number = number,
                Operation = recorded.Operation,
                Move = IsHealthy ? ModelMove.None : _profile.MoveOf(random),
                Puts = [.. recorded.Writes.Where(write => write.ContainsKey("PutRequest")).Select(ModelPut.Of)],
            };
            _requests.Add(request);
            return request;
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            if (--_underWay == 0)
            {
                _idle?.TrySetResult();
            }
        }
    }

    private bool IsRefused(ModelRequest request)
    {
        lock (_gate)
        {
            return request.Puts.Any(put => _refused.Contains(put.Key));
        }
    }

    private void RefuseFromNowOn(ModelRequest request)
    {
        lock (_gate)
        {
            _refused.UnionWith(request.Puts.Select(put => put.Key));
        }
    }

    private static async Task SendAsync(Exchange exchange, ModelRequest request, Reply reply, CancellationToken stop)
    {
        request.Answer = $"{reply.Status} {(reply.Status == 200 ? "" : System.Text.Encoding.UTF8.GetString(reply.Body))}";
        await exchange.SendAsync(reply, stop);
    }
}
