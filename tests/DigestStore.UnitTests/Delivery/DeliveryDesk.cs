using Amazon.DynamoDBv2.Model;
using DigestStore.Records;
using DigestStore.Table;
using DigestStore.Testing;

namespace DigestStore.UnitTests.Delivery;

/// <summary>The requests of a delivery, in their order.</summary>
public enum DeliveryStep
{
    Acquire,
    ReadManifest,
    Announce,
    Renew,
    Confirm,
    Clear,
    Complete,
    Fail,
}

// A repository over a table in memory, on a virtual clock, whose steps can be made to fail or to lose their answers.
internal sealed class DeliveryDesk
{
    private readonly InMemoryTable _inner;
    private readonly Dictionary<DeliveryStep, Func<UpdateReply?>> _updates = [];
    private readonly HashSet<DeliveryStep> _silent = [];
    private bool _isManifestUnreadable;

    // The timers of the repository, and of nothing else, can be watched.
    public DeliveryDesk(Action<DigestStoreOptions>? change = null, IDeadLetterSink? sink = null, Func<TimeProvider, TimeProvider>? watch = null)
    {
        _inner = new InMemoryTable(Table.Storage);
        DigestStoreOptions options = Some.Options(change);
        Repository = new DigestRepository(Table.ToSource(), () => options, new DigestStoreServices { TimeProvider = watch?.Invoke(Clock) ?? Clock, DeadLetters = sink ?? Sink });
        Table.OnUpdate = update => _updates.TryGetValue(StepOf(update), out Func<UpdateReply?>? reply) && reply() is { } answer ? Answer(update, answer) : null;
        Table.OnQuery = request => !_isManifestUnreadable || !request.PartitionKey.StartsWith("SENT#", StringComparison.Ordinal) ? null
            : _silent.Contains(DeliveryStep.ReadManifest) ? new TaskCompletionSource<PageReply>().Task
            : Task.FromResult(new PageReply { Fault = Some.Fault(FaultKind.Unavailable, 500) });
        Table.IsLost = update => _silent.Contains(StepOf(update));
    }

    public static DateOnly Date => Some.Date;

    public VirtualTimeProvider Clock { get; } = new(FixedClock.Start);

    public TableDouble Table { get; } = new();

    public LetterList Sink { get; } = new();

    public DigestRepository Repository { get; }

    // Every attempt that the delegate was called for.
    public List<DeliveryAttempt> Attempts { get; } = [];

    public Dictionary<string, AttributeValue>? RawHeader => Table.Storage.With(Some.Partition.Table, Some.Partition.Key, static records => records.GetValueOrDefault(RecordKeys.Header));

    public DeliveryRecord Header => new StoredRecord(HeaderKey, RawHeader!).ToDelivery();

    public Dictionary<string, AttributeValue>? RawManifest => Table.Storage.With(Some.Partition.Table, "SENT#daily", static records => records.GetValueOrDefault("2026-11-21"));

    public string? ManifestState => RawManifest?["state"].S;

    public int ManifestIds => RawManifest is { } manifest && manifest.TryGetValue("ids", out AttributeValue? ids) ? (int)ids.B.Length / 16 : 0;

    public static RecordKey HeaderKey => new(Some.Partition.Key, RecordKeys.Header);

    public Task<DeliveryResult> DeliverAsync(Exception? error = null, DeliveryOptions? options = null, int items = 3) => DeliverAsync(
        (_, _) => error is null ? Task.FromResult(new DeliveryReceipt()) : Task.FromException<DeliveryReceipt>(error), options, items);

    public Task<DeliveryResult> DeliverAsync(
        Func<DeliveryAttempt, CancellationToken, Task<DeliveryReceipt>> send, DeliveryOptions? options = null, int items = 3, CancellationToken cancellationToken = default) =>
        Clock.RunAsync(() => Repository.DeliverAsync(
            Date,
            Some.Items(items),
            (attempt, token) =>
            {
                Attempts.Add(attempt);
                return send(attempt, token);
            },
            options,
            cancellationToken));

    public Task<DeliveryLease> AcquireAsync(DeliveryOptions? options = null) => Clock.RunAsync(() => Repository.AcquireAsync(Date, options));

    public async Task<DeliveryState> StateAsync() => await Clock.RunAsync(() => Repository.GetDeliveryAsync(Date)) ?? throw new InvalidOperationException("The day has no header.");

    // The request fails without having been applied, every time.
    public void Break(params DeliveryStep[] steps)
    {
        foreach (DeliveryStep step in steps)
        {
            _isManifestUnreadable |= step == DeliveryStep.ReadManifest;
            _updates[step] = static () => new UpdateReply { Fault = Some.Fault(FaultKind.Unavailable, 503) };
        }
    }

    // The request gets no answer at all, every time, so that the step takes all the time that it has.
    public void Silence(params DeliveryStep[] steps)
    {
        Break(steps);
        _silent.UnionWith(steps);
    }

    // The request is applied, and its answer does not arrive, the first few times.
    public void LoseAnswers(DeliveryStep step, int times = 1) => _updates[step] = () => times-- > 0 ? Lost : null;

    public void On(DeliveryStep step, Action action) => _updates[step] = () =>
    {
        action();
        return null;
    };

    public void Mend()
    {
        _updates.Clear();
        _silent.Clear();
        _isManifestUnreadable = false;
    }

    public void Apply(params AttributeChange[] changes)
    {
        UpdateReply reply = _inner.UpdateAsync(new RecordUpdate(Some.Partition.Table, HeaderKey) { Changes = changes }, new Attempt(CancellationToken.None)).Result;
        Assert.Null(reply.Fault);
    }

    public static DeliveryStep StepOf(RecordUpdate update)
    {
        bool Sets(string name) => update.Changes.Any(change => change.Name == name && change is AttributeChange.Set);
        if (update.Key.PartitionKey.StartsWith("SENT#", StringComparison.Ordinal))
        {
            return Sets(AttributeNames.Date) || Sets(AttributeNames.ExpiresAt) ? DeliveryStep.Announce : Sets(AttributeNames.State) ? DeliveryStep.Confirm : DeliveryStep.Clear;
        }

        return Sets(AttributeNames.LeaseOwner) ? DeliveryStep.Acquire
            : Sets(AttributeNames.DeliveredAt) ? DeliveryStep.Complete
            : Sets(AttributeNames.FailedAt) ? DeliveryStep.Fail
            : DeliveryStep.Renew;
    }

    private static UpdateReply Lost { get; } = new() { Fault = new TableFault(FaultKind.TimedOut, "Lost") };

    private UpdateReply Answer(RecordUpdate update, UpdateReply answer)
    {
        if (ReferenceEquals(answer, Lost))
        {
            _ = _inner.UpdateAsync(update, new Attempt(CancellationToken.None)).Result;
        }

        return answer;
    }

    internal sealed class LetterList : IDeadLetterSink
    {
        public List<DeadLetter> Letters { get; } = [];

        public Task WriteAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken = default)
        {
            lock (Letters)
            {
                Letters.AddRange(letters);
            }

            return Task.CompletedTask;
        }
    }
}
