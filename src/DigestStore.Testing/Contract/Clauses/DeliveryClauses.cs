namespace DigestStore.Testing;

// Who sends, and who does not.
internal static class DeliveryClauses
{
    private static readonly TimeSpan PastLease = TimeSpan.FromMinutes(6);

    public static IReadOnlyList<ContractClause> All { get; } =
    [
        Clause("An email is sent once and recorded", "The second sender of a day is told when it was sent, and its delegate is not called.", Once),
        Clause("Of 20 senders at once one sends", "Two instances of a job never send the same email while their leases last.", Contenders),
        Clause("While a sender holds the lease others wait", "They are told when to try again.", Held),
        Clause("A sender that vanished is taken over after its lease", "The next one knows that it repeats an attempt, and gets the same message id, its items and its checkpoint.", TakenOver),
        Clause("A sender that was taken over records nothing", "The records are those of the newest sender.", Superseded),
        Clause("An end is accepted after the lease ran out", "An email that was sent is recorded, however long it took.", LateEnd),
        Clause("A failure that is known lets the next sender begin afresh", "Nothing was sent, so nothing is repeated.", KnownFailure),
        Clause("A failure that is not known is repeated as one", "What may have been sent is never forgotten.", UnknownFailure),
        Clause("A failed repeat leaves the day uncertain", "It says nothing about the attempt that it repeats.", FailedRepeat),
        Clause("A failure for good ends the day", "No later sender tries again.", Permanent),
        Clause("A day is given up after its attempts", "A digest that kills its senders is not tried for ever.", UsedUp),
        Clause("An uncertain day is skipped or thrown where that is wanted", "The caller chooses between two emails and none.", Uncertain),
        Clause("A disabled store does not stop the email", "The switch for emergencies never stops the email, and nothing is recorded.", Disabled),
        Clause("A checkpoint is kept until the email is sent", "A sender of many messages continues where the last one ended.", Checkpoints),
    ];

    private static ContractClause Clause(string name, string promise, Func<ContractRun, Task> verify) =>
        new(ContractTheme.Delivery, name, promise, verify);

    private static async Task Once(ContractRun run)
    {
        IDigestDelivery delivery = run.Delivery();
        var sender = new Sender();
        DeliveryResult result = await sender.DeliverAsync(run, delivery).ConfigureAwait(false);
        run.Equal(DeliveryOutcome.Delivered, result.Outcome, "Outcome");
        run.Equal((true, true, 1, 3), (result.IsStatusRecorded, result.AreItemsRecorded, result.Attempt, result.SentCount ?? 0), "what the result says");
        DateTimeOffset sentAt = run.Clock.GetUtcNow();

        run.Clock.Advance(TimeSpan.FromHours(1));
        DeliveryResult again = await sender.DeliverAsync(run, run.Delivery()).ConfigureAwait(false);
        run.Equal(DeliveryOutcome.AlreadyDelivered, again.Outcome, "Outcome of the second delivery");
        run.Equal(sentAt, again.DeliveredAt, "DeliveredAt of the second delivery");
        run.Equal(result.MessageId, again.MessageId, "MessageId of the second delivery");
        run.Equal(1, sender.Calls, "how often the delegate was called");
    }

    private static async Task Contenders(ContractRun run)
    {
        var sender = new Sender();
        IDigestDelivery[] senders = [.. Enumerable.Range(0, 20).Select(_ => run.Delivery())];
        DeliveryResult[] results = await Task.WhenAll(senders.Select(delivery => sender.DeliverAsync(run, delivery))).ConfigureAwait(false);
        run.Equal(1, results.Count(result => result.Outcome == DeliveryOutcome.Delivered), "how many delivered");
        run.Equal(19, results.Count(result => result.Outcome is DeliveryOutcome.HeldByAnother or DeliveryOutcome.AlreadyDelivered), "how many did not");
        run.Equal(1, sender.Calls, "how often the delegate was called");
    }

    private static async Task Held(ContractRun run)
    {
        DeliveryLease held = await AcquireAsync(run, "first").ConfigureAwait(false);
        run.Equal(DeliveryLeaseOutcome.Granted, held.Outcome, "the first lease");
        run.Clock.Advance(TimeSpan.FromMinutes(5));
        DeliveryLease other = await AcquireAsync(run, "second").ConfigureAwait(false);
        run.Equal((DeliveryLeaseOutcome.HeldByAnother, "first"), (other.Outcome, other.Owner ?? ""), "the second lease, as long as clocks may differ");
        run.True(other.RetryAfter > TimeSpan.Zero && other.RetryAfter <= TimeSpan.FromSeconds(31), "RetryAfter", "up to the allowance for clocks", other.RetryAfter);
        run.Clock.Advance(other.RetryAfter!.Value);
        run.Equal(DeliveryLeaseOutcome.Granted, (await AcquireAsync(run, "second").ConfigureAwait(false)).Outcome, "the second lease after RetryAfter");
    }

    private static async Task TakenOver(ContractRun run)
    {
        IDigestDelivery delivery = run.Delivery();
        DeliveryLease first = await AcquireAsync(run, "first").ConfigureAwait(false);
        await delivery.AnnounceAsync(first, Samples.Items(3), run.CancellationToken).ConfigureAwait(false);
        await delivery.RenewAsync(first, "half-way", run.CancellationToken).ConfigureAwait(false);

        run.Clock.Advance(PastLease);
        var sender = new Sender();
        DeliveryResult result = await sender.DeliverAsync(run, run.Delivery(), Samples.Items(2, from: 1)).ConfigureAwait(false);
        DeliveryAttempt attempt = run.NotNull(sender.Last, "the attempt");
        run.Equal(DeliveryOutcome.Delivered, result.Outcome, "Outcome");
        run.Equal((true, true, 2, first.MessageId, "half-way"), (attempt.IsRepeat, attempt.IsProtected, attempt.Number, attempt.MessageId, attempt.PreviousCheckpoint ?? ""), "the attempt");
        run.True(attempt.Fence > first.Fence, "Fence", "larger than " + Samples.Number((int)(first.Fence % int.MaxValue)), attempt.Fence);
        run.SameList(
            Samples.Items(3).Select(static item => DigestItemId.Create(item.Url)).Order(), attempt.PreviousItems.Order(), "PreviousItems");
    }

    private static async Task Superseded(ContractRun run)
    {
        IDigestDelivery delivery = run.Delivery();
        DeliveryLease first = await AcquireAsync(run, "first").ConfigureAwait(false);
        await delivery.AnnounceAsync(first, Samples.Items(3), run.CancellationToken).ConfigureAwait(false);
        run.Clock.Advance(PastLease);
        DeliveryLease second = await AcquireAsync(run, "second").ConfigureAwait(false);
        await delivery.AnnounceAsync(second, Samples.Items(3), run.CancellationToken).ConfigureAwait(false);

        run.Equal(DeliveryChangeOutcome.TakenOver, (await delivery.AnnounceAsync(first, Samples.Items(1), run.CancellationToken).ConfigureAwait(false)).Outcome, "AnnounceAsync");
        run.Equal(DeliveryChangeOutcome.TakenOver, (await delivery.RenewAsync(first, cancellationToken: run.CancellationToken).ConfigureAwait(false)).Outcome, "RenewAsync");
        run.Equal(DeliveryChangeOutcome.TakenOver, (await delivery.FailAsync(first, new DeliveryFailure(DeliveryFailureKind.Permanent), run.CancellationToken).ConfigureAwait(false)).Outcome, "FailAsync");
        DeliveryChange completed = await delivery.CompleteAsync(first, new DeliveryReceipt(), run.CancellationToken).ConfigureAwait(false);
        run.Equal((DeliveryChangeOutcome.TakenOver, "second"), (completed.Outcome, completed.Owner ?? ""), "CompleteAsync");
        run.Equal(DeliveryStatus.Sending, (await StateAsync(run).ConfigureAwait(false)).Status, "the status");
        run.Equal(DeliveryChangeOutcome.Recorded, (await delivery.CompleteAsync(second, new DeliveryReceipt(), run.CancellationToken).ConfigureAwait(false)).Outcome, "CompleteAsync of the second");
    }

    private static async Task LateEnd(ContractRun run)
    {
        DeliveryLease lease = await AcquireAsync(run, "slow").ConfigureAwait(false);
        run.Clock.Advance(TimeSpan.FromHours(2));
        DeliveryChange completed = await run.Delivery().CompleteAsync(lease, new DeliveryReceipt { MessageId = "provider-1", SentCount = 7 }, run.CancellationToken).ConfigureAwait(false);
        run.Equal(DeliveryChangeOutcome.Recorded, completed.Outcome, "CompleteAsync");
        DeliveryState state = await StateAsync(run).ConfigureAwait(false);
        run.Equal((DeliveryStatus.Delivered, "provider-1", 7), (state.Status, state.MessageId ?? "", state.SentCount ?? 0), "the state");
        run.Equal(run.Clock.GetUtcNow(), state.DeliveredAt, "DeliveredAt");
    }

    private static async Task KnownFailure(ContractRun run)
    {
        var sender = new Sender { Error = new DeliveryFailedException(DeliveryFailureKind.Retry, "421 try again later") };
        DeliveryResult failed = await sender.DeliverAsync(run, run.Delivery()).ConfigureAwait(false);
        run.Equal(DeliveryOutcome.Failed, failed.Outcome, "Outcome");
        DeliveryState state = await StateAsync(run).ConfigureAwait(false);
        run.Equal((DeliveryStatus.Failed, DeliveryFailureKind.Retry, "421 try again later"), (state.Status, state.LastFailure!.Kind, state.LastFailure.Reason), "the state");
        run.Equal(null, state.MessageId, "MessageId of the state");

        sender.Error = null;
        DeliveryResult sent = await sender.DeliverAsync(run, run.Delivery()).ConfigureAwait(false);
        run.Equal((DeliveryOutcome.Delivered, 2, false), (sent.Outcome, sent.Attempt, sent.IsRepeat), "the next delivery");
        run.Equal(0, sender.Last!.PreviousItems.Count, "PreviousItems");
    }

    private static async Task UnknownFailure(ContractRun run)
    {
        var sender = new Sender { Error = new IOException("the connection broke after the last line") };
        DeliveryResult failed = await sender.DeliverAsync(run, run.Delivery()).ConfigureAwait(false);
        run.Equal(DeliveryOutcome.Uncertain, failed.Outcome, "Outcome");
        run.Equal(sender.Error, failed.Error, "Error");
        run.Equal(DeliveryFailureKind.Uncertain, (await StateAsync(run).ConfigureAwait(false)).LastFailure!.Kind, "the kind of the last failure");

        sender.Error = null;
        DeliveryResult sent = await sender.DeliverAsync(run, run.Delivery()).ConfigureAwait(false);
        run.Equal((DeliveryOutcome.Delivered, 2, true, failed.MessageId), (sent.Outcome, sent.Attempt, sent.IsRepeat, sent.MessageId), "the next delivery");
        run.Equal(3, sender.Last!.PreviousItems.Count, "PreviousItems");
        run.Equal(null, (await StateAsync(run).ConfigureAwait(false)).LastFailure, "the last failure after the delivery");
    }

    private static async Task FailedRepeat(ContractRun run)
    {
        var sender = new Sender { Error = new IOException() };
        await sender.DeliverAsync(run, run.Delivery()).ConfigureAwait(false);
        sender.Error = new DeliveryFailedException(DeliveryFailureKind.Retry, "421");
        run.Equal(DeliveryOutcome.Failed, (await sender.DeliverAsync(run, run.Delivery()).ConfigureAwait(false)).Outcome, "Outcome of the repeat");
        sender.Error = null;
        run.Equal(true, (await sender.DeliverAsync(run, run.Delivery()).ConfigureAwait(false)).IsRepeat, "IsRepeat of the third attempt");
        run.Equal(3, sender.Last!.PreviousItems.Count, "PreviousItems of the third attempt");
    }

    private static async Task Permanent(ContractRun run)
    {
        var sender = new Sender { Error = new DeliveryFailedException(DeliveryFailureKind.Permanent, "550 no such user") };
        run.Equal(DeliveryOutcome.Abandoned, (await sender.DeliverAsync(run, run.Delivery()).ConfigureAwait(false)).Outcome, "Outcome");
        run.Equal(DeliveryStatus.Abandoned, (await StateAsync(run).ConfigureAwait(false)).Status, "the status");
        run.Equal(DeliveryOutcome.GaveUp, (await sender.DeliverAsync(run, run.Delivery()).ConfigureAwait(false)).Outcome, "Outcome of the next delivery");
        run.Equal(1, sender.Calls, "how often the delegate was called");
    }

    private static async Task UsedUp(ContractRun run)
    {
        var options = new DeliveryOptions { MaxAttempts = 2 };
        for (int attempt = 1; attempt <= 2; attempt++)
        {
            run.Equal(attempt, (await run.Delivery().AcquireAsync(ContractRun.Day, options, run.CancellationToken).ConfigureAwait(false)).Attempt, "Attempt");
            run.Equal(
                DeliveryLeaseOutcome.HeldByAnother, (await run.Delivery().AcquireAsync(ContractRun.Day, options, run.CancellationToken).ConfigureAwait(false)).Outcome, "another lease meanwhile");
            run.Clock.Advance(PastLease);
        }

        var sender = new Sender();
        run.Equal(DeliveryOutcome.GaveUp, (await sender.DeliverAsync(run, run.Delivery(), options: options).ConfigureAwait(false)).Outcome, "Outcome");
        run.Equal((0, DeliveryStatus.Abandoned), (sender.Calls, (await StateAsync(run).ConfigureAwait(false)).Status), "calls of the delegate and the status");
    }

    private static async Task Uncertain(ContractRun run)
    {
        var sender = new Sender { Error = new IOException() };
        await sender.DeliverAsync(run, run.Delivery()).ConfigureAwait(false);
        sender.Error = null;
        DeliveryFailedException thrown = await run.ThrowsAsync<DeliveryFailedException>(
            () => sender.DeliverAsync(run, run.Delivery(), options: new DeliveryOptions { OnUncertain = UncertainAttempt.Throw }), "DeliverAsync with Throw").ConfigureAwait(false);
        run.Equal((DeliveryFailureKind.Uncertain, DeliveryOutcome.Uncertain), (thrown.Kind, thrown.Result!.Outcome), "the exception");
        DeliveryResult skipped = await sender.DeliverAsync(run, run.Delivery(), options: new DeliveryOptions { OnUncertain = UncertainAttempt.Skip }).ConfigureAwait(false);
        run.Equal(DeliveryOutcome.Skipped, skipped.Outcome, "Outcome with Skip");
        run.Equal(DeliveryStatus.Abandoned, (await StateAsync(run).ConfigureAwait(false)).Status, "the status after Skip");
        run.Equal(1, sender.Calls, "how often the delegate was called");
    }

    private static async Task Disabled(ContractRun run)
    {
        var sender = new Sender();
        DeliveryResult result = await sender.DeliverAsync(run, run.Delivery(options => options.Enabled = false)).ConfigureAwait(false);
        run.Equal((DeliveryOutcome.DeliveredUnrecorded, DeliveryLeaseOutcome.Disabled, 0, 1), (result.Outcome, result.LeaseOutcome, result.Requests, sender.Calls), "the result");
        run.Equal(false, sender.Last!.IsProtected, "IsProtected");
        run.Equal(null, await run.Delivery().GetDeliveryAsync(ContractRun.Day, run.CancellationToken).ConfigureAwait(false), "the state");
    }

    private static async Task Checkpoints(ContractRun run)
    {
        IDigestDelivery delivery = run.Delivery();
        DeliveryResult failed = await delivery.DeliverAsync(
            ContractRun.Day,
            Samples.Items(3),
            async (attempt, cancellationToken) =>
            {
                run.Equal(DeliveryChangeOutcome.Recorded, (await attempt.SaveCheckpointAsync("1 of 2", cancellationToken).ConfigureAwait(false)).Outcome, "SaveCheckpointAsync");
                run.Equal(DeliveryChangeOutcome.Recorded, (await attempt.SaveCheckpointAsync("2 of 2", cancellationToken).ConfigureAwait(false)).Outcome, "SaveCheckpointAsync again");
                throw new DeliveryFailedException(DeliveryFailureKind.Retry, "later");
            },
            cancellationToken: run.CancellationToken).ConfigureAwait(false);
        run.Equal(DeliveryOutcome.Failed, failed.Outcome, "Outcome");
        var sender = new Sender();
        await sender.DeliverAsync(run, delivery).ConfigureAwait(false);
        run.Equal("2 of 2", sender.Last!.PreviousCheckpoint, "PreviousCheckpoint");
        run.Equal(null, (await StateAsync(run).ConfigureAwait(false)).Checkpoint, "the checkpoint after the delivery");
    }

    internal static async Task<DeliveryState> StateAsync(ContractRun run) =>
        run.NotNull(await run.Delivery().GetDeliveryAsync(ContractRun.Day, run.CancellationToken).ConfigureAwait(false), "the state");

    internal static Task<DeliveryLease> AcquireAsync(ContractRun run, string owner) =>
        run.Delivery().AcquireAsync(ContractRun.Day, new DeliveryOptions { Owner = owner }, run.CancellationToken);

    // Sends by counting.
    internal sealed class Sender
    {
        private int _calls;

        public int Calls => _calls;

        public DeliveryAttempt? Last { get; private set; }

        public Exception? Error { get; set; }

        public Task<DeliveryResult> DeliverAsync(ContractRun run, IDigestDelivery delivery, DigestItem[]? items = null, DeliveryOptions? options = null) =>
            delivery.DeliverAsync(ContractRun.Day, items ?? Samples.Items(3), SendAsync, options, run.CancellationToken);

        private async Task<DeliveryReceipt> SendAsync(DeliveryAttempt attempt, CancellationToken cancellationToken)
        {
            await Task.Yield();
            Interlocked.Increment(ref _calls);
            Last = attempt;
            return Error is null ? new DeliveryReceipt() : throw Error;
        }
    }
}
