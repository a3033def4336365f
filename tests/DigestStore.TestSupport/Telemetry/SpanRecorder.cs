using System.Collections.Concurrent;
using System.Diagnostics;

namespace DigestStore.TestSupport;

/// <summary>Keeps the library's spans of one trace, that of <see cref="Root"/>, and nothing of other tests.</summary>
public sealed class SpanRecorder : IDisposable
{
    private readonly ActivityListener _listener;

    public SpanRecorder()
    {
        Root = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
        ActivityTraceId trace = Root.TraceId;
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "DigestStore",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => options.Parent.TraceId == trace ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStarted = _ => OnStart?.Invoke(),
            ActivityStopped = span =>
            {
                if (span.TraceId == trace)
                {
                    Spans.Enqueue(span);
                    OnStop?.Invoke();
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public Activity Root { get; }

    public ConcurrentQueue<Activity> Spans { get; } = new();

    public Action? OnStart { get; set; }

    public Action? OnStop { get; set; }

    public void Dispose()
    {
        _listener.Dispose();
        Root.Dispose();
    }
}
