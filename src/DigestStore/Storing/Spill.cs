using DigestStore.Configuration;
using DigestStore.Resilience;
using DigestStore.Table;
using DigestStore.Telemetry;

namespace DigestStore.Storing;

// Hands what could not be stored to the dead-letter sink. The sink is the host's code: guarded, and bounded in time.
internal sealed class Spill(IDeadLetterSink? sink, StoreSettings settings, Partition partition, CallScope scope, StoreTelemetry telemetry, string correlationId)
{
    // Of a large store: its sink need not take all in one write, and keeps what it has taken when the time is up.
    public const int LettersAtOnce = 5_000;

    private const int MaxFailuresInARow = 3;

    private int _failuresInARow;

    // What failures may still cost. A store of many windows does not lose them all to one bad moment, nor wait for a dead sink at each.
    private TimeSpan _patience = Reserve;

    public static TimeSpan Reserve { get; } = TimeSpan.FromSeconds(2);

    // Whether another write makes sense.
    public bool IsWilling => sink is not null && _failuresInARow < MaxFailuresInARow && _patience > TimeSpan.Zero;

    public int Taken { get; private set; }

    public int Lost { get; private set; }

    // A deadline keeps this much for the sink; of a short one, a fifth.
    public static TimeSpan ReserveOf(TimeSpan deadline) => deadline / 5 < Reserve ? deadline / 5 : Reserve;

    // From the start that is given, or from now, all writes together have the time that one has.
    public Task TakeAsync(IEnumerable<PendingItem> items, int nextOrdinal, long? started = null) =>
        sink is null ? Task.CompletedTask : TakeFailedAsync(items, nextOrdinal, started ?? scope.Time.GetTimestamp());

    // What there was no time to make letters of.
    public void Lose(int items)
    {
        if (sink is not null && items > 0)
        {
            telemetry.Instruments.Spilled(partition.Table, isKept: false, items);
            Lost += items;
        }
    }

    private async Task TakeFailedAsync(IEnumerable<PendingItem> items, int nextOrdinal, long started)
    {
        foreach (PendingItem[] some in items.Where(static item => item.Failure is not null).Chunk(LettersAtOnce))
        {
            TimeSpan left = Reserve - scope.Time.GetElapsedTime(started);
            TimeSpan patience = left < _patience ? left : _patience;
            if (!IsWilling || patience <= TimeSpan.Zero || !await WriteAsync([.. some.Select(item => LetterOf(item, nextOrdinal))], patience).ConfigureAwait(false))
            {
                Lose(some.Length);
                continue;
            }

            telemetry.Instruments.Spilled(partition.Table, isKept: true, some.Length);
            Taken += some.Length;
        }
    }

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
            TableGateway.Observe(writing);
            _ = TableGateway.CancelAsync(enough);
            telemetry.Log.LettersNotWritten(partition, letters.Count, exception, correlationId);
            return false;
        }
    }

    private DeadLetter LetterOf(PendingItem item, int nextOrdinal) => item.Letter is { Letter: var letter }
        ? letter with { Attempts = letter.Attempts + 1, Reason = item.Failure!.Value }
        : new DeadLetter
        {
            // The copy, since the caller's lists may change before the letter is written.
            Item = item.Content.Source with { Tags = item.Content.Tags, Metadata = new Dictionary<string, string>(item.Content.Metadata, StringComparer.Ordinal) },
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
}
