using System.Runtime.CompilerServices;
using DigestStore.Calls;
using DigestStore.Configuration;
using DigestStore.DeadLetters;
using DigestStore.DynamoDb;
using DigestStore.Faults;
using DigestStore.Health;
using DigestStore.Hosting;
using DigestStore.Reading;
using DigestStore.Records;
using DigestStore.Resilience;
using DigestStore.Storing;
using DigestStore.Table;
using DigestStore.Telemetry;

namespace DigestStore;

/// <summary>What every repository of the library does, whatever keeps its records. Make a <see cref="DigestRepository"/>, or one of the other packages.</summary>
/// <remarks>
/// <para>Safe for concurrent use; make one and keep it.</para>
/// <para>After its disposal a repository makes no request any more, not even through a client that was handed in. Store calls that are under
/// way, and later ones, end at once with a result: items whose request had no answer yet are
/// <see cref="StoreProblemReason.OutcomeUnknown"/>, those that were not sent are <see cref="StoreProblemReason.Disposed"/>, and both go to
/// the dead-letter sink. Reads, finds, deletions and replays throw <see cref="ObjectDisposedException"/>; an enumeration of
/// <see cref="ReadAsync"/> that is under way throws it at its next item.</para>
/// </remarks>
public abstract partial class DigestRepositoryBase : IDigestRepository, IDigestDelivery, IReplayTarget, IProbeTarget, IDisposable, IAsyncDisposable
{
    // A window with more batches lets the workers idle less at its end. But a long window is kept for so long that the garbage collector takes
    // its items for old ones, which it then collects in full collections: five times as many at 800 items as at 400.
    private const int MinBatchesPerWorkerInWindow = 2;
    private const int MaxBatchesPerWorkerInWindow = 4;
    private const int ItemsOfLongWindow = 400;

    // How long DisposeAsync waits. The wait uses the real clock, because what blocks a call may be a real thread.
    private static readonly TimeSpan DisposalTime = TimeSpan.FromSeconds(2);

    private readonly SettingsSource _settings;
    private readonly ITableSource _tables;
    private readonly TimeProvider _time;
    private readonly StoreTelemetry _telemetry;
    private readonly CircuitBreaker _breaker;
    private readonly IDeadLetterSink? _deadLetters;
    private readonly Disposal _disposal = new();

    // The settings with which a store call validates and counts its items while no options have been valid.
    private readonly StoreSettings _fallback;

    private protected DigestRepositoryBase(
        ITableSource tables, Func<DigestStoreOptions> options, DigestStoreServices? services, SettingsHistory? history, string databaseSystem = Spans.DynamoDb)
    {
        _deadLetters = services?.DeadLetters;
        _time = services?.TimeProvider ?? TimeProvider.System;
        _telemetry = new StoreTelemetry(services?.LoggerFactory, services?.MeterFactory, databaseSystem);
        _tables = tables;
        _breaker = new CircuitBreaker(_time, tables.OutageRemedy);
        _settings = new SettingsSource(options, _telemetry.Log, history);
        _fallback = StoreSettings.Fallback();
    }

    private protected StoreLog Log => _telemetry.Log;

    /// <inheritdoc/>
    public Task<StoreResult> StoreAsync(DateOnly date, IEnumerable<DigestItem> items, StoreCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        return StoreAsync(StoreCallTelemetry.Store, date, options, (context, preparer) => new CollectionInput(items, preparer, context.Scope, context.Options.MaxItems), _deadLetters, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<StoreResult> StoreAsync(DateOnly date, IAsyncEnumerable<DigestItem> items, StoreCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        return StoreAsync(StoreCallTelemetry.Store, date, options, (context, preparer) => new StreamInput(items, preparer, context.Scope, WindowSize(context.Options), context.Options.BatchSize), _deadLetters, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Digest> GetAsync(DateOnly date, CancellationToken cancellationToken = default)
    {
        (StoreSettings settings, OpenedTable table) = OpenToRead(ReadCallTelemetry.Get, date, cancellationToken);
        return await CreateReader(settings, table).GetAsync(date, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredDigestItem> ReadAsync(DateOnly date, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        (StoreSettings settings, OpenedTable table) = OpenToRead(ReadCallTelemetry.Read, date, cancellationToken);
        await foreach (StoredDigestItem item in CreateReader(settings, table).ReadAsync(date, cancellationToken).ConfigureAwait(false))
        {
            yield return item;
        }
    }

    /// <inheritdoc/>
    public async Task<StoredDigestItem?> FindAsync(DateOnly date, string url, CancellationToken cancellationToken = default) =>
        await CreateFinder(ReadCallTelemetry.Find, date, cancellationToken).FindAsync(date, url, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task<StoredDigestItem?> FindAsync(DateOnly date, DigestItemId id, CancellationToken cancellationToken = default) =>
        await CreateFinder(ReadCallTelemetry.Find, date, cancellationToken).FindAsync(date, id, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(DateOnly date, string url, CancellationToken cancellationToken = default) =>
        await CreateFinder(ReadCallTelemetry.Delete, date, cancellationToken).DeleteAsync(date, url, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(DateOnly date, DigestItemId id, CancellationToken cancellationToken = default) =>
        await CreateFinder(ReadCallTelemetry.Delete, date, cancellationToken).DeleteAsync(date, id, cancellationToken).ConfigureAwait(false);

    /// <summary>Ends the calls that are under way, and releases what the library opened for itself, such as its own client; a client that was handed in is left alone.</summary>
    /// <remarks>
    /// Does not wait for the calls to end. A file is written to its end and closed before this returns, which takes two seconds at most. Safe to
    /// call again, from several threads, and from within a call.
    /// </remarks>
    public void Dispose()
    {
        if (_disposal.TryBegin())
        {
            _tables.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the repository as <see cref="Dispose"/> does, and waits until the store calls that are under way have ended and a file is closed, for two seconds at most. It blocks no thread of the caller.</summary>
    /// <returns>A task that ends with the last store call and when a file is closed, or after two seconds.</returns>
    public async ValueTask DisposeAsync()
    {
        // On a thread of its own, because at the end of a program all threads of the pool may be blocked.
        Task closed = _disposal.TryBegin() ? Task.Factory.StartNew(_tables.Dispose, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default) : Task.CompletedTask;
        GC.SuppressFinalize(this);
        await Task.WhenAll(closed, _disposal.AllStoresEnded).WaitAsync(DisposalTime, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<StoreResult> StoreAsync(
        string operation, DateOnly date, StoreCallOptions? callOptions, Func<StoreContext, ItemPreparer, IItemInput> inputOf, IDeadLetterSink? deadLetters, CancellationToken cancellationToken)
    {
        using Disposal.OpenStore open = _disposal.BeginStore();
        StoreSettings settings = _settings.Current(out _) ?? _fallback;
        Partition partition = settings.PartitionOf(date);
        TimeSpan deadline = callOptions?.Deadline ?? settings.Options.Deadline;
        using var scope = new CallScope(_time, deadLetters is null ? deadline : deadline - DeadLetterWriter.ReserveOf(deadline), cancellationToken, _disposal);
        using var call = new StoreCallTelemetry(_telemetry, operation, partition, scope, callOptions?.CorrelationId, callOptions?.Caller ?? settings.Options.Caller);

        // A replay needs to know what became of every letter, so it does not limit the number of problems.
        var ledger = new StoreLedger(operation == StoreCallTelemetry.Replay ? int.MaxValue : settings.Options.MaxProblems);
        var context = new StoreContext(settings, partition, scope, ledger, _telemetry, call.Names.CorrelationId);
        var gateway = new TableGateway(TableOpener.Open(_tables, settings), scope, settings, _breaker, _telemetry.Instruments);
        var store = new StoreOperation(context, gateway, inputOf, new DeadLetterWriter(deadLetters, context), callOptions?.Progress);
        StoreResult result = await store.RunAsync().ConfigureAwait(false);
        call.Done(result);
        bool isCutShort = result.Failed > 0 || result.InputError is not null;
        return scope.IsCanceledByCaller && isCutShort ? throw new DigestStoreCanceledException(result, cancellationToken) : result;
    }

    async Task IProbeTarget.ProbeAsync(DateOnly date, CancellationToken cancellationToken) =>
        await CreateFinder(ReadCallTelemetry.Probe, date, cancellationToken).ProbeAsync(date, cancellationToken).ConfigureAwait(false);

    private (StoreSettings Settings, OpenedTable Table) OpenToRead(string operation, DateOnly date, CancellationToken cancellationToken) =>
        OpenToRead(operation, date, date, cancellationToken);

    private (StoreSettings Settings, OpenedTable Table) OpenToRead(string operation, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        DigestStoreException? refusal = Refusal(out StoreSettings settings);
        if (refusal is null && !cancellationToken.IsCancellationRequested && !_disposal.HasBegun)
        {
            return (settings, TableOpener.Open(_tables, settings));
        }

        using var scope = new CallScope(_time, settings.Options.ReadDeadline, cancellationToken, _disposal);
        using var call = new ReadCallTelemetry(_telemetry, operation, settings.DaysOf(from, to), scope, settings.Options.Caller);
        cancellationToken.ThrowIfCancellationRequested();
        if (_disposal.HasBegun)
        {
            call.Refused(DigestStoreErrorReason.Disposed);
            throw ReadFailures.Disposed();
        }

        call.Refused(refusal!.Reason);
        throw refusal;
    }

    // Returns why no request may be made: the options are invalid, or the store is switched off. Null means that requests may be made.
    private DigestStoreException? Refusal(out StoreSettings settings)
    {
        StoreSettings? current = _settings.Current(out string problem);
        settings = current ?? _fallback;
        if (current is null)
        {
            return new DigestStoreException(DigestStoreErrorReason.Misconfigured, problem) { Remedy = Remedies.InvalidOptions };
        }

        return settings.Options.Enabled ? null : ReadFailures.Disabled();
    }

    private ItemFinder CreateFinder(string operation, DateOnly date, CancellationToken cancellationToken)
    {
        (StoreSettings settings, OpenedTable table) = OpenToRead(operation, date, cancellationToken);
        return new ItemFinder(settings, table, _breaker, _time, _telemetry, _disposal);
    }

    private DigestReader CreateReader(StoreSettings settings, OpenedTable table) => new(settings, table, _breaker, _time, _telemetry, _disposal);

    internal static Func<DigestStoreOptions> ValidatedCopy(DigestStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        string problem = SettingsSource.Problem(options);
        if (problem.Length > 0)
        {
            throw new ArgumentException(problem, nameof(options));
        }

        DigestStoreOptions copy = options.Copy();
        return () => copy;
    }

    private static int WindowSize(DigestStoreOptions options)
    {
        int atOnce = options.BatchSize * options.MaxConcurrency;
        return atOnce * Math.Clamp(ItemsOfLongWindow / atOnce, MinBatchesPerWorkerInWindow, MaxBatchesPerWorkerInWindow);
    }
}
