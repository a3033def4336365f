using System.Collections.ObjectModel;
using DigestStore.Calls;
using DigestStore.Configuration;
using DigestStore.Records;
using DigestStore.Telemetry;

namespace DigestStore.Storing;

// Hands what could not be stored to the dead-letter sink. The sink is the host's code: guarded, and bounded in time.
internal sealed class Spill(IDeadLetterSink? sink, StoreSettings settings, Partition partition, CallScope scope, StoreTelemetry telemetry, string correlationId)
{
    // Of a large store: its sink need not take all in one write, and keeps what it has taken when the time is up.
    public const int LettersAtOnce = 5_000;

    private const int MaxFailuresInARow = 3;

    // Of a deadline of next to nothing; and what is begun in time may end so much later.
    public static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(250);

    private int _failuresInARow;

    // What failures may still cost. A store of many windows does not lose them all to one bad moment, nor wait for a dead sink at each.
    private TimeSpan _patience = Reserve;

    public static TimeSpan Reserve { get; } = TimeSpan.FromSeconds(2);

    public bool HasSink => sink is not null;

    // Whether another write makes sense.
    public bool IsWilling => HasSink && _failuresInARow < MaxFailuresInARow && _patience > TimeSpan.Zero;

    public int Taken { get; private set; }

    public int Lost { get; private set; }

    // A deadline keeps this much for the sink; of a short one, a fifth.
    public static TimeSpan ReserveOf(TimeSpan deadline) => Min(deadline / 5, Reserve);

    // From the start that is given, or from now, all writes together have the time that one has. What is more than one write takes is for
    // the time before the deadline: the letters of an ordinary digest get through a slow sink, those of a large one hold up no caller.
    public Task TakeAsync(IEnumerable<PendingItem> items, int nextOrdinal, long? started = null) =>
        HasSink ? TakeFailedAsync(items, nextOrdinal, started ?? scope.Time.GetTimestamp()) : Task.CompletedTask;

    // What there was no time to make letters of.
    public void Lose(int items)
    {
        if (HasSink && items > 0)
        {
            telemetry.Instruments.Spilled(partition.Table, isKept: false, items);
            Lost += items;
        }
    }

    private async Task TakeFailedAsync(IEnumerable<PendingItem> items, int nextOrdinal, long started)
    {
        bool isFirst = true;
        foreach (PendingItem[] some in items.Where(static item => item.Failure is not null).Chunk(LettersAtOnce))
        {
            TimeSpan left = Min(_patience, Reserve - scope.Time.GetElapsedTime(started));
            TimeSpan patience = isFirst ? left : Min(left, PatienceForMore());
            isFirst = false;
            if (!IsWilling || patience <= TimeSpan.Zero || !await WriteAsync([.. some.Select(item => LetterOf(item, nextOrdinal))], patience).ConfigureAwait(false))
            {
                Lose(some.Length);
                continue;
            }

            telemetry.Instruments.Spilled(partition.Table, isKept: true, some.Length);
            Taken += some.Length;
        }
    }

    // The scope has the deadline without the time that is kept for the sink. Nothing more is begun after it.
    private TimeSpan PatienceForMore()
    {
        TimeSpan left = scope.Deadline + Min(Reserve, scope.Deadline / 4) - scope.Elapsed;
        return left > TimeSpan.Zero ? left + Grace : TimeSpan.Zero;
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private async Task<bool> WriteAsync(List<DeadLetter> letters, TimeSpan patience)
    {
        long started = scope.Time.GetTimestamp();
        var enough = new CancellationTokenSource(patience, scope.Time);
        CancellationToken token = enough.Token;

        // Whoever is first decides: a thread that is free only when the letters are given up does not ask the sink any more.
        int isDecided = 0;
        Task writing = Task.Run(() => Interlocked.Exchange(ref isDecided, 1) == 0 ? sink!.WriteAsync(letters, token) : Task.CompletedTask, CancellationToken.None);
        try
        {
            await writing.WaitAsync(patience, scope.Time, CancellationToken.None).ConfigureAwait(false);
            enough.Dispose();
            _failuresInARow = 0;
            return true;
        }
        catch (Exception exception) when (!Fatal.Is(exception))
        {
            _ = Interlocked.Exchange(ref isDecided, 1);
            _failuresInARow++;
            _patience = enough.IsCancellationRequested || !writing.IsCompleted ? TimeSpan.Zero : _patience - scope.Time.GetElapsedTime(started);
            AbandonedTasks.Observe(writing);
            _ = AbandonedTasks.CancelAsync(enough);
            telemetry.Log.LettersNotWritten(partition, letters.Count, exception, correlationId);
            return false;
        }
    }

    private DeadLetter LetterOf(PendingItem item, int nextOrdinal) => item.Letter is { Letter: var letter }
        ? letter with { Attempts = letter.Attempts + 1, Reason = item.Failure!.Value }
        : new DeadLetter
        {
            // The copy, since the caller's lists may change before the letter is written.
            Item = item.Content.Source with { Tags = item.Content.Tags, Metadata = MetadataOf(item.Content) },
            Table = partition.Table,
            Digest = partition.Digest,
            Date = partition.Date,
            Ordinal = (int)Math.Min((long)nextOrdinal + item.FirstIndex, int.MaxValue),
            IdRules = settings.Identity.Fingerprint,
            StoreStartedAt = scope.StartedAt,
            Known = item.Known ?? KnownRecord.Unknown,
            Reason = item.Failure!.Value,
            CorrelationId = correlationId,
        };

    private static IReadOnlyDictionary<string, string> MetadataOf(CleanItem content) =>
        content.Metadata.Length == 0 ? ReadOnlyDictionary<string, string>.Empty : new Dictionary<string, string>(content.Metadata, StringComparer.Ordinal);
}
