namespace DigestStore.Testing;

// What the header of a day says about its delivery, and how stores and operators change it.
internal static class DeliveryStateClauses
{
    public static IReadOnlyList<ContractClause> All { get; } =
    [
        Clause("A day that nobody delivers is pending", "Applications that never deliver are not shown as failing.", Pending),
        Clause("A store leaves the lease and the status of a delivery alone", "Storing before, during and after a delivery never makes it begin again.", Stores),
        Clause("An expired header begins anew for a sender", "What is left of an expired day stops nobody, and the fence still grows.", Expired),
        Clause("An operator lets a day be tried again", "A day that was given up gets as many attempts as at first.", Retry),
        Clause("An operator marks a day as delivered or ends it", "What is known from elsewhere can be recorded.", Decisions),
        Clause("An operator takes back an email that did not go out", "What is known not to have been sent is not hidden from readers, and its next attempt repeats nothing.", Unsent),
        Clause("An operator is refused while a sender is at it", "A decision does not meet an email that is on its way, unless it is forced.", Refused),
        Clause("A forced decision does not lose an email that went out", "The sender that ends later is still believed.", Forced),
        Clause("Items without a valid URL are named", "What cannot be remembered as sent is never hidden.", InvalidUrls),
        Clause("A delivery canceled before it was sent leaves the day free", "Nothing was sent, and the next sender need not wait.", Canceled),
        Clause("Invalid options of a delivery name value, rule and remedy", "A mistake is found before anything is sent.", Options),
    ];

    private static ContractClause Clause(string name, string promise, Func<ContractRun, Task> verify) =>
        new(ContractTheme.Delivery, name, promise, verify);

    private static async Task Pending(ContractRun run)
    {
        run.Equal(null, await run.Delivery().GetDeliveryAsync(ContractRun.Day, run.CancellationToken).ConfigureAwait(false), "the state of a day without a header");
        await run.StoreAsync(run.Repository(), Samples.Items(2)).ConfigureAwait(false);
        DeliveryState state = await DeliveryClauses.StateAsync(run).ConfigureAwait(false);
        run.Equal((DeliveryStatus.Pending, 0, 0L, false), (state.Status, state.Attempts, state.Fence, state.IsLeaseOverdue), "the state");
        run.Equal(null, state.LastFailure, "LastFailure");
    }

    private static async Task Stores(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        await run.StoreAsync(repository, Samples.Items(2)).ConfigureAwait(false);
        DeliveryLease lease = await DeliveryClauses.AcquireAsync(run, "sender").ConfigureAwait(false);
        await run.StoreAsync(repository, Samples.Items(3)).ConfigureAwait(false);
        run.Equal(DeliveryLeaseOutcome.HeldByAnother, (await DeliveryClauses.AcquireAsync(run, "other").ConfigureAwait(false)).Outcome, "another lease after the store");
        run.Equal(DeliveryChangeOutcome.Recorded, (await run.DeliveryOf(repository).CompleteAsync(lease, new DeliveryReceipt(), run.CancellationToken).ConfigureAwait(false)).Outcome, "CompleteAsync");
        run.Equal(0L, (await DeliveryClauses.StateAsync(run).ConfigureAwait(false)).ItemsAfterDelivery, "ItemsAfterDelivery at first");
        await run.StoreAsync(repository, Samples.Items(8)).ConfigureAwait(false);
        DeliveryState state = await DeliveryClauses.StateAsync(run).ConfigureAwait(false);
        run.Equal((DeliveryStatus.Delivered, 5L, lease.Fence), (state.Status, state.ItemsAfterDelivery, state.Fence), "the state after a later store");
    }

    private static async Task Expired(ContractRun run)
    {
        IDigestRepository repository = run.Repository(static options => options.Retention = TimeSpan.FromDays(7));
        await run.StoreAsync(repository, Samples.Items(2)).ConfigureAwait(false);
        var sender = new DeliveryClauses.Sender { Error = new DeliveryFailedException(DeliveryFailureKind.Permanent, "no") };
        DeliveryResult failed = await sender.DeliverAsync(run, run.DeliveryOf(repository)).ConfigureAwait(false);
        run.Equal(DeliveryOutcome.Abandoned, failed.Outcome, "Outcome");

        run.Clock.Advance(TimeSpan.FromDays(8));
        run.Equal(null, await run.DeliveryOf(repository).GetDeliveryAsync(ContractRun.Day, run.CancellationToken).ConfigureAwait(false), "the state of an expired day");
        DeliveryLease lease = await DeliveryClauses.AcquireAsync(run, "new").ConfigureAwait(false);
        run.Equal((DeliveryLeaseOutcome.Granted, 1, false), (lease.Outcome, lease.Attempt, lease.IsRepeat), "the lease");
        run.True(lease.Fence > failed.Fence, "Fence", "larger than before", lease.Fence);
        DeliveryState state = await DeliveryClauses.StateAsync(run).ConfigureAwait(false);
        run.Equal((DeliveryStatus.Sending, 1), (state.Status, state.Attempts), "the state");
        run.Equal(null, state.LastFailure, "LastFailure");
        run.Equal(0, (await run.GetAsync(repository).ConfigureAwait(false)).Count, "the number of items");
    }

    private static async Task Retry(ContractRun run)
    {
        var sender = new DeliveryClauses.Sender { Error = new DeliveryFailedException(DeliveryFailureKind.Permanent, "550") };
        await sender.DeliverAsync(run, run.Delivery()).ConfigureAwait(false);
        await ResolveAsync(run, DeliveryResolutionKind.Retry, DeliveryChangeOutcome.Recorded).ConfigureAwait(false);
        run.Equal(0, (await DeliveryClauses.StateAsync(run).ConfigureAwait(false)).Attempts, "Attempts");
        sender.Error = null;
        DeliveryResult sent = await sender.DeliverAsync(run, run.Delivery()).ConfigureAwait(false);
        run.Equal((DeliveryOutcome.Delivered, 1, false), (sent.Outcome, sent.Attempt, sent.IsRepeat), "the next delivery");
    }

    private static async Task Decisions(ContractRun run)
    {
        await ResolveAsync(run, DeliveryResolutionKind.Retry, DeliveryChangeOutcome.Refused).ConfigureAwait(false);
        await ResolveAsync(run, DeliveryResolutionKind.Abandon, DeliveryChangeOutcome.Recorded).ConfigureAwait(false);
        run.Equal(DeliveryLeaseOutcome.GaveUp, (await DeliveryClauses.AcquireAsync(run, "sender").ConfigureAwait(false)).Outcome, "a lease after Abandon");
        await ResolveAsync(run, DeliveryResolutionKind.MarkDelivered, DeliveryChangeOutcome.Recorded).ConfigureAwait(false);
        DeliveryState state = await DeliveryClauses.StateAsync(run).ConfigureAwait(false);
        run.Equal((DeliveryStatus.Delivered, run.Clock.GetUtcNow()), (state.Status, state.DeliveredAt!.Value), "the state");
        run.Equal(DeliveryLeaseOutcome.AlreadyDelivered, (await DeliveryClauses.AcquireAsync(run, "sender").ConfigureAwait(false)).Outcome, "a lease after MarkDelivered");
        await ResolveAsync(run, DeliveryResolutionKind.Retry, DeliveryChangeOutcome.Refused).ConfigureAwait(false);
    }

    private static async Task Unsent(ContractRun run)
    {
        await ResolveAsync(run, DeliveryResolutionKind.MarkUnsent, DeliveryChangeOutcome.Refused).ConfigureAwait(false);
        var sender = new DeliveryClauses.Sender { Error = new TimeoutException() };
        DeliveryResult uncertain = await sender.DeliverAsync(run, run.Delivery()).ConfigureAwait(false);
        run.Equal(DeliveryOutcome.Uncertain, uncertain.Outcome, "the first delivery");
        await ResolveAsync(run, DeliveryResolutionKind.MarkUnsent, DeliveryChangeOutcome.Recorded).ConfigureAwait(false);
        DeliveryState state = await DeliveryClauses.StateAsync(run).ConfigureAwait(false);
        run.Equal((DeliveryStatus.Failed, 0, DeliveryFailureKind.Retry), (state.Status, state.Attempts, state.LastFailure!.Kind), "the state");
        sender.Error = null;
        DeliveryResult sent = await sender.DeliverAsync(run, run.Delivery()).ConfigureAwait(false);
        run.Equal((DeliveryOutcome.Delivered, 1, false), (sent.Outcome, sent.Attempt, sent.IsRepeat), "the next delivery");
        await ResolveAsync(run, DeliveryResolutionKind.MarkUnsent, DeliveryChangeOutcome.Refused).ConfigureAwait(false);
    }

    private static async Task Refused(ContractRun run)
    {
        await DeliveryClauses.AcquireAsync(run, "sender").ConfigureAwait(false);
        foreach (DeliveryResolutionKind kind in Enum.GetValues<DeliveryResolutionKind>())
        {
            await ResolveAsync(run, kind, DeliveryChangeOutcome.Refused).ConfigureAwait(false);
        }

        run.Clock.Advance(TimeSpan.FromMinutes(6));
        await ResolveAsync(run, DeliveryResolutionKind.Retry, DeliveryChangeOutcome.Recorded).ConfigureAwait(false);
        DeliveryLease lease = await DeliveryClauses.AcquireAsync(run, "next").ConfigureAwait(false);
        run.Equal((DeliveryLeaseOutcome.Granted, true), (lease.Outcome, lease.IsRepeat), "the next lease");
    }

    private static async Task Forced(ContractRun run)
    {
        IDigestDelivery delivery = run.Delivery();
        DeliveryLease lease = await DeliveryClauses.AcquireAsync(run, "sender").ConfigureAwait(false);
        DeliveryChange change = await delivery.ResolveAsync(ContractRun.Day, new DeliveryResolution(DeliveryResolutionKind.Abandon) { Force = true }, run.CancellationToken).ConfigureAwait(false);
        run.Equal((DeliveryChangeOutcome.Recorded, DeliveryStatus.Abandoned), (change.Outcome, change.Status!.Value), "ResolveAsync");
        run.Equal(DeliveryChangeOutcome.Refused, (await delivery.RenewAsync(lease, cancellationToken: run.CancellationToken).ConfigureAwait(false)).Outcome, "RenewAsync");
        run.Equal(DeliveryChangeOutcome.Recorded, (await delivery.CompleteAsync(lease, new DeliveryReceipt(), run.CancellationToken).ConfigureAwait(false)).Outcome, "CompleteAsync");
        run.Equal(DeliveryStatus.Delivered, (await DeliveryClauses.StateAsync(run).ConfigureAwait(false)).Status, "the status");
    }

    private static async Task InvalidUrls(ContractRun run)
    {
        DigestItem[] items = [Samples.Item(0), Samples.Page("ftp://example.org/a"), Samples.Item(1), null!];
        var sender = new DeliveryClauses.Sender();
        DeliveryResult result = await sender.DeliverAsync(run, run.Delivery(), items).ConfigureAwait(false);
        run.Equal(DeliveryOutcome.Delivered, result.Outcome, "Outcome");
        run.SameList([1, 3], result.InvalidUrls, "InvalidUrls");
    }

    private static async Task Canceled(ContractRun run)
    {
        var canceled = new CancellationToken(canceled: true);
        int calls = 0;
        DigestStoreCanceledException thrown = await run.ThrowsAsync<DigestStoreCanceledException>(
            () => run.Delivery().DeliverAsync(
                ContractRun.Day,
                Samples.Items(3),
                (_, _) =>
                {
                    calls++;
                    return Task.FromResult(new DeliveryReceipt());
                },
                cancellationToken: canceled),
            "DeliverAsync").ConfigureAwait(false);
        run.Equal((DeliveryOutcome.Failed, false, 0), (run.NotNull(thrown.Delivery, "Delivery").Outcome, thrown.Delivery!.WasAttempted, calls), "the result");
        run.Equal(DeliveryLeaseOutcome.Granted, (await DeliveryClauses.AcquireAsync(run, "next").ConfigureAwait(false)).Outcome, "the next lease");
        await run.ThrowsAsync<OperationCanceledException>(() => run.Delivery().AcquireAsync(ContractRun.Day, cancellationToken: canceled), "AcquireAsync").ConfigureAwait(false);
        await run.ThrowsAsync<OperationCanceledException>(() => run.Delivery().GetDeliveryAsync(ContractRun.Day, canceled), "GetDeliveryAsync").ConfigureAwait(false);
    }

    private static async Task Options(ContractRun run)
    {
        IDigestDelivery delivery = run.Delivery();
        DeliveryOptions[] invalid =
        [
            new() { LeaseDuration = TimeSpan.Zero },
            new() { LeaseDuration = TimeSpan.FromMinutes(1) },
            new() { ClockSkewAllowance = TimeSpan.FromSeconds(-1) },
            new() { MaxSendDuration = TimeSpan.Zero },
            new() { MaxAttempts = 0 },
            new() { Owner = "" },
            new() { MessageId = new string('m', 129) },
            new() { OnUncertain = (UncertainAttempt)9 },
            new() { WaitForHolder = TimeSpan.FromDays(2) },
        ];
        foreach (DeliveryOptions options in invalid)
        {
            ArgumentException thrown = await run.ThrowsAsync<ArgumentException>(() => delivery.AcquireAsync(ContractRun.Day, options, run.CancellationToken), "AcquireAsync").ConfigureAwait(false);
            run.True(thrown.Message.Contains("but must be", StringComparison.Ordinal), "the message", "with value, rule and remedy", thrown.Message);
        }
    }

    private static async Task ResolveAsync(ContractRun run, DeliveryResolutionKind kind, DeliveryChangeOutcome expected)
    {
        DeliveryChange change = await run.Delivery().ResolveAsync(ContractRun.Day, new DeliveryResolution(kind), run.CancellationToken).ConfigureAwait(false);
        run.Equal(expected, change.Outcome, "ResolveAsync with " + kind);
    }
}
