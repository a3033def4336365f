namespace DigestStore.Testing;

internal static class RequestClauses
{
    public static IReadOnlyList<ContractClause> All { get; } =
    [
        Clause("The first store of 200 items takes 10 requests", "One to compare, eight to write, one for the header: 95 % fewer than one per item.", TwoHundred),
        Clause("A second store of the same 200 items takes 2 requests", "Nothing that is there is written again.", TwoHundredAgain),
        Clause("One item takes 3 requests", "One to look it up, one to write it, one for the header.", One),
        Clause("Requests grow by one for every 25 items", "Batches are full.", EverySize),
        Clause("10,000 copies of one URL take 3 requests", "Copies are never sent.", Copies),
        Clause("Only changed items are written", "One changed item of 200 takes one write.", OneChanged),
        Clause("The first delivery of 200 items takes 5 requests", "The lease, what was sent before, what is sent now, and two for the end.", Delivery),
        Clause("A first store after a lease was acquired takes 10 requests", "A header that only the delivery wrote costs a store nothing.", AfterAcquire),
    ];

    private static ContractClause Clause(string name, string promise, Func<ContractRun, Task> verify) =>
        new(ContractTheme.Requests, name, promise, verify);

    private static async Task TwoHundred(ContractRun run)
    {
        StoreResult result = await run.StoreAsync(run.Repository(), Samples.Items(200)).ConfigureAwait(false);
        run.Equal(0, result.Cost.Retries, "Retries");
        run.Equal(10, result.Cost.Requests, "Requests");
        run.Equal(0.95, result.Cost.ShareOfRequestsSaved, "ShareOfRequestsSaved");
    }

    private static async Task TwoHundredAgain(ContractRun run)
    {
        await run.StoreAsync(run.Repository(), Samples.Items(200)).ConfigureAwait(false);
        run.Equal(2, (await run.StoreAsync(run.Repository(), Samples.Items(200)).ConfigureAwait(false)).Cost.Requests, "Requests");
    }

    private static async Task One(ContractRun run)
    {
        run.Equal(3, (await run.StoreAsync(run.Repository(), Samples.Item(0)).ConfigureAwait(false)).Cost.Requests, "Requests of the first store");
        run.Equal(2, (await run.StoreAsync(run.Repository(), Samples.Item(0)).ConfigureAwait(false)).Cost.Requests, "Requests of the second store");
        run.Equal(3, (await run.StoreAsync(run.Repository(), Samples.Item(0, "changed")).ConfigureAwait(false)).Cost.Requests, "Requests of an update");
    }

    private static async Task EverySize(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        foreach (int size in new[] { 1, 24, 25, 26, 49, 50, 51, 100, 101 })
        {
            StoreResult result = await run.StoreAsync(repository, ContractRun.Day.AddDays(size), Samples.Items(size)).ConfigureAwait(false);
            run.Equal(2 + ((size + 24) / 25), result.Cost.Requests, "Requests for " + Samples.Number(size) + " items");
        }
    }

    private static async Task Copies(ContractRun run)
    {
        StoreResult result = await run.StoreAsync(run.Repository(), [.. Enumerable.Range(0, 10_000).Select(_ => Samples.Item(0))]).ConfigureAwait(false);
        run.Equal(3, result.Cost.Requests, "Requests");
    }

    private static async Task Delivery(ContractRun run)
    {
        IDigestDelivery delivery = run.Delivery();
        DeliveryResult result = await delivery.DeliverAsync(
            ContractRun.Day, Samples.Items(200), static (_, _) => Task.FromResult(new DeliveryReceipt()), cancellationToken: run.CancellationToken).ConfigureAwait(false);
        run.Equal(DeliveryOutcome.Delivered, result.Outcome, "Outcome");
        run.Equal(5, result.Requests, "Requests");
        run.Equal(0, result.Retries, "Retries");
        result = await delivery.DeliverAsync(
            ContractRun.Day, Samples.Items(200), static (_, _) => Task.FromResult(new DeliveryReceipt()), cancellationToken: run.CancellationToken).ConfigureAwait(false);
        run.Equal(DeliveryOutcome.AlreadyDelivered, result.Outcome, "Outcome of the second delivery");
    }

    private static async Task AfterAcquire(ContractRun run)
    {
        DeliveryLease lease = await run.Delivery().AcquireAsync(ContractRun.Day, cancellationToken: run.CancellationToken).ConfigureAwait(false);
        run.Equal(DeliveryLeaseOutcome.Granted, lease.Outcome, "the lease");
        StoreResult result = await run.StoreAsync(run.Repository(), Samples.Items(200)).ConfigureAwait(false);
        run.Equal(10, result.Cost.Requests, "Requests");
        run.Equal(2, (await run.StoreAsync(run.Repository(), Samples.Items(200)).ConfigureAwait(false)).Cost.Requests, "Requests of the second store");
    }

    private static async Task OneChanged(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        await run.StoreAsync(repository, Samples.Items(200)).ConfigureAwait(false);
        StoreResult result = await run.StoreAsync(repository, [.. Samples.Items(199), Samples.Item(199, "changed")]).ConfigureAwait(false);
        run.Equal(3, result.Cost.Requests, "Requests");
    }
}
