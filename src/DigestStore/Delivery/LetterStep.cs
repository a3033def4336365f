using DigestStore.Calls;

namespace DigestStore.Delivery;

// Hands what could not be recorded after the email went out to the dead-letter sink. The sink is the host's code, so its exceptions are caught
// and its time is bounded.
internal sealed class LetterStep(DeliveryContext context)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    // Whether the sink has taken the letter.
    public async Task<bool> WriteAsync(DeliveryLease lease, DeliveryLetter delivery)
    {
        if (context.Sink is not { } sink)
        {
            return false;
        }

        var letter = new DeadLetter
        {
            Delivery = delivery,
            Version = DeadLetters.LetterJson.Version,
            Table = context.Partition.Table,
            Digest = context.Partition.Digest,
            Date = lease.Date,
            Ordinal = 0,
            IdRules = context.Settings.Identity.Fingerprint,
            StoreStartedAt = context.Call.Whole.StartedAt,
            Reason = context.IsDisabled ? StoreProblemReason.Disabled : StoreProblemReason.HeaderNotWritten,
            CorrelationId = context.Call.Names.CorrelationId,
        };
        var timeIsUp = new CancellationTokenSource(Limit, context.Time);
        CancellationToken token = timeIsUp.Token;
        Task writing = Task.Run(() => sink.WriteAsync([letter], token), CancellationToken.None);
        bool isKept = false;
        try
        {
            await writing.WaitAsync(Limit, context.Time, context.LetterEnd).ConfigureAwait(false);
            timeIsUp.Dispose();
            isKept = true;
        }
        catch (Exception exception) when (!Fatal.Is(exception))
        {
            AbandonedTasks.Observe(writing);
            _ = AbandonedTasks.CancelAsync(timeIsUp);
            context.Telemetry.Log.DeliveryLetterNotWritten(context.Partition, exception, context.Call.Names.CorrelationId);
        }

        context.Telemetry.Instruments.DeadLettered(context.Partition.Table, isKept, 1);
        return isKept;
    }
}
