using System.Diagnostics.Metrics;
using DigestStore.Calls;
using DigestStore.CloudWatch;
using DigestStore.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DigestStore;

/// <summary>Writes the store's metrics as lines of CloudWatch's embedded metric format. On Lambda, CloudWatch makes metrics from these lines without a collector.</summary>
/// <remarks>
/// <para>It listens from its construction to its disposal, and writes on an interval, on <see cref="Flush"/> and when it is disposed.
/// An instance that is made with <c>new</c> counts every digest store of the process. The instance of
/// <c>AddDigestStore(…).AddCloudWatchMetrics()</c> counts the stores of its own container. <c>docs/cloudwatch.md</c> has the metrics,
/// their dimensions and alarms.</para>
/// <para>None of its failures reaches the store or the application: measuring only touches memory, and an exception of the writer is logged.
/// Safe for concurrent use. With a container, use <c>AddDigestStore(…).AddCloudWatchMetrics()</c>.</para>
/// </remarks>
public sealed class CloudWatchMetrics : IDisposable, IAsyncDisposable
{
    private readonly Lock _writeLock = new();
    private readonly SeriesBuffer _buffer = new();
    private readonly LineComposer _composer;
    private readonly Func<TextWriter> _writer;
    private readonly TimeProvider _time;
    private readonly CloudWatchLog _log;
    private readonly MeterListener _listener;
    private readonly ITimer _timer;

    /// <summary>Begins to listen to every digest store of the process.</summary>
    /// <param name="options">The settings, copied; <see langword="null"/> for the defaults.</param>
    /// <param name="loggerFactory">Where to log; <see langword="null"/> for nowhere.</param>
    /// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
    /// <exception cref="ArgumentException"><paramref name="options"/> are invalid; the message names value, rule and remedy.</exception>
    public CloudWatchMetrics(CloudWatchMetricsOptions? options = null, ILoggerFactory? loggerFactory = null, TimeProvider? timeProvider = null)
        : this(options ?? new CloudWatchMetricsOptions(), loggerFactory, timeProvider, static meter => meter.Name == Instruments.MeterName)
    {
    }

    internal CloudWatchMetrics(CloudWatchMetricsOptions options, ILoggerFactory? loggerFactory, TimeProvider? timeProvider, Predicate<Meter> listensTo)
    {
        if (CloudWatchRules.Problem(options) is { Length: > 0 } problem)
        {
            throw new ArgumentException(problem, nameof(options));
        }

        _composer = new LineComposer(options.Namespace, options.Dimensions, options.StorageResolution);
        _writer = options.Writer is { } given ? () => given : static () => StandardOutput.Writer;
        _time = timeProvider ?? TimeProvider.System;
        _log = new CloudWatchLog(loggerFactory ?? NullLoggerFactory.Instance);
        _listener = Listen(listensTo);
        _timer = _time.CreateTimer(static self => ((CloudWatchMetrics)self!).OnInterval(), this, options.Interval, options.Interval);
    }

    // Flush waits this long for another write, and Dispose for the last one.
    internal TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Writes what was measured since the last write, and returns when the writer has accepted it.</summary>
    /// <remarks>
    /// Call it at the end of each invocation on Lambda, where the process is frozen until the next one. It never throws. If an earlier
    /// write is still under way, it waits for at most 2 seconds; after that, what was measured is written the next time.
    /// </remarks>
    public void Flush()
    {
        if (!_writeLock.TryEnter(WriteTimeout))
        {
            _log.NotWritten(new TimeoutException());
            return;
        }

        try
        {
            Write();
        }
        finally
        {
            _writeLock.Exit();
        }
    }

    /// <summary>Ends listening and writes what is left. The writer stays open.</summary>
    /// <remarks>If the writer blocks, it is abandoned after 2 seconds.</remarks>
    public void Dispose()
    {
        _timer.Dispose();
        _listener.Dispose();

        // The last write has a thread of its own, because the writer is code of the application and may block for ever.
        Task writing = Task.Factory.StartNew(Flush, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (!writing.Wait(WriteTimeout))
        {
            AbandonedTasks.Observe(writing);
            _log.NotWritten(new TimeoutException());
        }
    }

    /// <inheritdoc cref="Dispose"/>
    /// <returns>A task that is done.</returns>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private MeterListener Listen(Predicate<Meter> listensTo)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (listensTo(instrument.Meter) && TrackedInstrument.Of(instrument) is { } tracked)
                {
                    listener.EnableMeasurementEvents(instrument, tracked);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, state) => Record(state, value, tags));
        listener.SetMeasurementEventCallback<int>((_, value, tags, state) => Record(state, value, tags));
        listener.SetMeasurementEventCallback<double>((_, value, tags, state) => Record(state, value, tags));
        listener.Start();
        return listener;
    }

    // This runs in the middle of a store call, and an exception would reach the code that measures.
    private void Record(object? state, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        try
        {
            _buffer.Record((TrackedInstrument)state!, value, tags);
        }
        catch (Exception exception) when (!Fatal.Is(exception))
        {
            // Equals or GetHashCode of a tag's value has failed, and there is nowhere to report it.
        }
    }

    // The interval is skipped while a write is under way. If it waited, a writer that blocks would hold one more thread after every
    // interval.
    private void OnInterval()
    {
        if (!_writeLock.TryEnter())
        {
            return;
        }

        try
        {
            Write();
        }
        finally
        {
            _writeLock.Exit();
        }
    }

    private void Write()
    {
        (IReadOnlyList<Series> all, long dropped) = _buffer.Take();
        if (all.Count == 0 && dropped == 0)
        {
            return;
        }

        if (dropped > 0)
        {
            _log.Dropped(dropped);
        }

        try
        {
            TextWriter writer = _writer();
            foreach (string line in _composer.Compose(all, dropped, _time.GetUtcNow()))
            {
                writer.WriteLine(line);
            }

            writer.Flush();
            _log.Written();
        }
        catch (Exception exception) when (!Fatal.Is(exception))
        {
            _log.NotWritten(exception);
        }
    }
}
