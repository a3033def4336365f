using System.Collections.ObjectModel;
using DigestStore.Calls;
using DigestStore.Records;

namespace DigestStore.Storing;

// Hands the items that could not be stored to the dead-letter sink. The sink is the host's code, so its exceptions are caught and its
// time is bounded.
internal sealed class DeadLetterWriter(IDeadLetterSink? sink, StoreContext context)
{
    // The letters of a call with many items go to the sink in several writes. When the time is up, the sink keeps those that it has taken.
    public const int MaxLettersPerWrite = 5_000;

    private const int MaxFailuresInARow = 3;

    // Items that were not prepared before the deadline get at least this much time, however short the deadline is. A write that begins
    // before the deadline may end this much after it.
    public static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(250);

    private int _failuresInARow;

    // The time that failed writes may still take, over all windows of a call. So one failure does not lose the letters of every window, and
    // a sink that is down does not delay every window.
    private TimeSpan _timeForFailures = Reserve;

    public static TimeSpan Reserve { get; } = TimeSpan.FromSeconds(2);

    // Without valid options nobody knows the table that the letters would be for, so they cannot be written.
    public bool HasSink => sink is not null && !context.Settings.IsFallback;

    // True while there is a sink that has failed neither too often nor for too long.
    public bool CanWrite => HasSink && _failuresInARow < MaxFailuresInARow && _timeForFailures > TimeSpan.Zero;

    public int Taken { get; private set; }

    public int Lost { get; private set; }

    // True if a sink was given and at least one item that should be in it is not.
    public bool HasLost => sink is not null && (Lost > 0 || context.Ledger.Failed > Taken || AreSkippedLost);

    private bool AreSkippedLost =>
        context.Settings.IsFallback && context.Options is { Enabled: false, WhenDisabled: DisabledItems.DeadLetter } && context.Ledger.Skipped > 0;

    // The part of a deadline that is reserved for the sink: a fifth, and two seconds at most.
    public static TimeSpan ReserveOf(TimeSpan deadline) => Min(deadline / 5, Reserve);

    // All writes share the time that is reserved for the sink. It is counted from the given start, or from now. Every write but the first
    // must begin before the deadline. So a slow sink still gets the letters of an ordinary digest, which need one write, and the letters of
    // a call with many items do not delay its caller for long.
    public Task TakeAsync(IEnumerable<PendingItem> items, int nextOrdinal, long? started = null) =>
        HasSink ? TakeFailedAsync(items, nextOrdinal, started ?? context.Scope.Time.GetTimestamp()) : Task.CompletedTask;

    // Counts items whose letters the sink did not take.
    public void Lose(int items)
    {
        if (HasSink && items > 0)
        {
            context.Telemetry.Instruments.DeadLettered(context.Partition.Table, isKept: false, items);
            Lost += items;
        }
    }

    private async Task TakeFailedAsync(IEnumerable<PendingItem> items, int nextOrdinal, long started)
    {
        bool isFirst = true;
        foreach (PendingItem[] some in items.Where(static item => item.Failure is not null).Chunk(MaxLettersPerWrite))
        {
            TimeSpan left = Min(_timeForFailures, Reserve - context.Scope.Time.GetElapsedTime(started));
            TimeSpan time = isFirst ? left : Min(left, TimeBeforeDeadline());
            isFirst = false;
            if (!CanWrite || time <= TimeSpan.Zero || !await WriteAsync([.. some.Select(item => LetterOf(item, nextOrdinal))], time).ConfigureAwait(false))
            {
                Lose(some.Length);
                continue;
            }

            context.Telemetry.Instruments.DeadLettered(context.Partition.Table, isKept: true, some.Length);
            Taken += some.Length;
        }
    }

    // The scope's deadline is the caller's without the part that is reserved for the sink, so that part is added again. It is a fifth of
    // the caller's deadline, which is a quarter of the scope's.
    private TimeSpan TimeBeforeDeadline()
    {
        TimeSpan left = context.Scope.Deadline + Min(Reserve, context.Scope.Deadline / 4) - context.Scope.Elapsed;
        return left > TimeSpan.Zero ? left + Grace : TimeSpan.Zero;
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private async Task<bool> WriteAsync(List<DeadLetter> letters, TimeSpan time)
    {
        long started = context.Scope.Time.GetTimestamp();
        var timeIsUp = new CancellationTokenSource(time, context.Scope.Time);
        CancellationToken token = timeIsUp.Token;

        // A busy pool may have a thread for the sink only after the letters were given up. Whoever comes first decides, so that the sink is
        // not asked for letters that count as lost.
        int isDecided = 0;
        Task writing = Task.Run(() => Interlocked.Exchange(ref isDecided, 1) == 0 ? sink!.WriteAsync(letters, token) : Task.CompletedTask, CancellationToken.None);
        try
        {
            await writing.WaitAsync(time, context.Scope.Time, CancellationToken.None).ConfigureAwait(false);
            timeIsUp.Dispose();
            _failuresInARow = 0;
            return true;
        }
        catch (Exception exception) when (!Fatal.Is(exception))
        {
            _ = Interlocked.Exchange(ref isDecided, 1);
            _failuresInARow++;
            bool hangs = timeIsUp.IsCancellationRequested || !writing.IsCompleted;
            _timeForFailures = hangs ? TimeSpan.Zero : _timeForFailures - context.Scope.Time.GetElapsedTime(started);
            AbandonedTasks.Observe(writing);
            _ = AbandonedTasks.CancelAsync(timeIsUp);
            context.Telemetry.Log.LettersNotWritten(context.Partition, letters.Count, exception, context.CorrelationId);
            return false;
        }
    }

    private DeadLetter LetterOf(PendingItem item, int nextOrdinal) => item.Letter is { Letter: var letter }
        ? letter with { Attempts = letter.Attempts + 1, Reason = item.Failure!.Value }
        : new DeadLetter
        {
            // The letter has the library's copies of the lists, because the caller may change its own before the letter is written.
            Item = item.Content.Item with { Tags = item.Content.Tags, Metadata = MetadataOf(item.Content) },
            Table = context.Partition.Table,
            Digest = context.Partition.Digest,
            Date = context.Partition.Date,
            Ordinal = (int)Math.Min((long)nextOrdinal + item.FirstIndex, int.MaxValue),
            IdRules = context.Settings.Identity.Fingerprint,
            StoreStartedAt = context.Scope.StartedAt,
            Known = item.Known ?? KnownRecord.Unknown,
            Reason = item.Failure!.Value,
            CorrelationId = context.CorrelationId,
        };

    private static IReadOnlyDictionary<string, string> MetadataOf(CleanItem content) =>
        content.Metadata.Length == 0 ? ReadOnlyDictionary<string, string>.Empty : new Dictionary<string, string>(content.Metadata, StringComparer.Ordinal);
}
