using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace DigestStore.TestSupport;

/// <summary>What a <see cref="ScriptedEndpoint"/> was asked. Thread-safe; what it returns is a snapshot.</summary>
public sealed class RequestLog
{
    private readonly Lock _gate = new();
    private readonly ScriptedEndpointOptions _options;
    private readonly List<RecordedRequest> _requests = [];
    private readonly Dictionary<string, int> _counts = [];
    private readonly List<(string Operation, int Number, TaskCompletionSource Arrived)> _waiting = [];
    private readonly ConcurrentQueue<Exception> _problems = [];
    private int _total;

    internal RequestLog(ScriptedEndpointOptions options)
    {
        _options = options;
    }

    /// <summary>All requests so far, also those that a fault answered.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _total;
            }
        }
    }

    /// <summary>The requests, in order of arrival; empty unless <see cref="ScriptedEndpointOptions.KeepRequests"/>.</summary>
    public IReadOnlyList<RecordedRequest> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>Faults of the endpoint itself, such as an operation it does not know: a test may assert that there are none.</summary>
    public IReadOnlyCollection<Exception> Problems => _problems;

    public int CountOf(string operation)
    {
        lock (_gate)
        {
            return _counts.GetValueOrDefault(operation);
        }
    }

    public IReadOnlyList<RecordedRequest> Of(string operation) => [.. All.Where(request => request.Operation == operation)];

    /// <summary>Ends when the request of that number (from 1) has arrived, at once if it has already.</summary>
    /// <exception cref="TimeoutException">It has not arrived within 30 s.</exception>
    public Task ArrivalOfAsync(string operation, int number = 1)
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_counts.GetValueOrDefault(operation) >= number)
            {
                return Task.CompletedTask;
            }

            _waiting.Add((operation, number, arrived));
        }

        return arrived.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    internal RecordedRequest Record(HttpRequest request)
    {
        var operation = request.Headers.GetValueOrDefault("X-Amz-Target", "").Split('.')[^1];
        var body = request.ParseBody() ?? new JsonObject();
        lock (_gate)
        {
            var number = _counts[operation] = _counts.GetValueOrDefault(operation) + 1;
            _total++;
            var recorded = new RecordedRequest
            {
                Operation = operation,
                Number = number,
                Body = body,
                BodyLength = request.Body.Length,
                Headers = request.Headers,
                At = _options.Time.GetUtcNow(),
            };
            if (_options.KeepRequests)
            {
                _requests.Add(recorded);
            }

            foreach (var (_, _, arrived) in _waiting.Where(waiting => waiting.Operation == operation && waiting.Number <= number))
            {
                arrived.TrySetResult();
            }

            _waiting.RemoveAll(waiting => waiting.Arrived.Task.IsCompleted);
            return recorded;
        }
    }

    internal void ReportProblem(Exception exception) => _problems.Enqueue(exception);
}
