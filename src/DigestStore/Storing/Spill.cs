using DigestStore.Configuration;
using DigestStore.Resilience;
using DigestStore.Table;
using DigestStore.Telemetry;

namespace DigestStore.Storing;

// Hands what could not be stored to the dead-letter sink. The sink is the host's code: guarded, and bounded in time.
internal sealed class Spill(IDeadLetterSink? sink, StoreSettings settings, Partition partition, CallScope scope, StoreTelemetry telemetry, string correlationId)
{
    private const int MaxFailuresInARow = 3;

    private int _failuresInARow;

    // What failures may still cost. A store of many windows does not lose them all to one bad moment, nor wait for a dead sink at each.
    private TimeSpan _patience = Reserve;

    public static TimeSpan Reserve { get; } = TimeSpan.FromSeconds(2);

    public int Taken { get; private set; }

    public int Lost { get; private set; }

    // A deadline keeps this much for the sink; of a short one, a fifth.
    public static TimeSpan ReserveOf(TimeSpan deadline) => deadline / 5 < Reserve ? deadline / 5 : Reserve;

    public Task TakeAsync(IEnumerable<PendingItem> items, int nextOrdinal) =>
        sink is null ? Task.CompletedTask : TakeFailedAsync(items, nextOrdinal);

    private async Task TakeFailedAsync(IEnumerable<PendingItem> items, int nextOrdinal)
    {
        List<DeadLetter> letters = [.. items.Where(item => item.Failure is not null).Select(item => LetterOf(item, nextOrdinal))];
        if (letters.Count == 0)
        {
            return;
        }

        bool isKept = _failuresInARow < MaxFailuresInARow && _patience > TimeSpan.Zero && await WriteAsync(letters).ConfigureAwait(false);
        telemetry.Instruments.Spilled(partition.Table, isKept, letters.Count);
        if (isKept)
        {
            Taken += letters.Count;
        }
        else
        {
            Lost += letters.Count;
        }
    }

    private async Task<bool> WriteAsync(List<DeadLetter> letters)
    {
        long started = scope.Time.GetTimestamp();
        var enough = new CancellationTokenSource(_patience, scope.Time);
        CancellationToken token = enough.Token;

        // Whoever is first decides: a thread that is free only when the letters are given up does not ask the sink any more.
        int isDecided = 0;
        Task writing = Task.Run(() => Interlocked.Exchange(ref isDecided, 1) == 0 ? sink!.WriteAsync(letters, token) : Task.CompletedTask, CancellationToken.None);
        try
        {
            await writing.WaitAsync(_patience, scope.Time, CancellationToken.None).ConfigureAwait(false);
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
