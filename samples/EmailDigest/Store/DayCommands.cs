using Spectre.Console;

namespace EmailDigest.Store;

/// <summary>The commands <c>list</c>, <c>show</c>, <c>status</c> and <c>resolve</c>: what an operator asks about the days of a table, and decides.</summary>
internal sealed class DayCommands(IServiceProvider services, Terminal terminal)
{
    public Task<int> ListAsync(int days, DateOnly? until, CancellationToken cancellationToken) => AskAsync(async () =>
    {
        DateOnly last = until ?? services.GetRequiredService<IOptions<DigestStoreOptions>>().Value.Today();
        DateOnly from = DateOnly.FromDayNumber(Math.Max(0, last.DayNumber - days + 1));
        List<DigestDay> found = await services.GetRequiredService<IDigestHistory>().ListDaysAsync(from, last, cancellationToken).ToListAsync(cancellationToken);
        terminal.Out.Write(found.Count > 0 ? DayTables.Of(found)
            : Nothing($"Nothing is stored from {DayTables.Words(from)} to {DayTables.Words(last)}; --days looks further back, and --date further on."));
        return ExitCode.Done;
    });

    public Task<int> ShowAsync(DateOnly date, CancellationToken cancellationToken) => AskAsync(async () =>
    {
        Digest digest = await services.GetRequiredService<IDigestRepository>().GetAsync(date, cancellationToken);
        terminal.Out.Write(digest.Count > 0 ? ReadBackTable.Of(digest, terminal.Out.Profile.Width, digest.Count) : Nothing($"Nothing is stored for {DayTables.Words(date)}."));
        return ExitCode.Done;
    });

    public Task<int> StatusAsync(DateOnly date, CancellationToken cancellationToken) => AskAsync(async () =>
    {
        DeliveryState? state = await services.GetRequiredService<IDigestDelivery>().GetDeliveryAsync(date, cancellationToken);
        terminal.Out.Write(state is not null ? DayTables.Of(state) : Nothing($"Nothing is recorded of {DayTables.Words(date)}: no run has stored or sent it."));
        return ExitCode.Done;
    });

    public Task<int> ResolveAsync(DateOnly date, DeliveryResolution resolution, CancellationToken cancellationToken) => AskAsync(async () =>
    {
        DeliveryChange change = await services.GetRequiredService<IDigestDelivery>().ResolveAsync(date, resolution, cancellationToken);
        string day = DayTables.Words(date);
        if (change.IsRecorded)
        {
            terminal.Out.WriteLine($"Recorded: the email of {day} is {DayTables.Words(change.Status)} now.");
            return ExitCode.Done;
        }

        bool isHeld = change is { Status: DeliveryStatus.Sending, LeaseUntil: not null };
        terminal.Error(
            change.Outcome == DeliveryChangeOutcome.NotRecorded ? $"Not recorded: {change.Error?.Message ?? "the day was changed by others meanwhile"} Run the same command again."
            : isHeld ? $"Not recorded: {change.Owner} is sending the email of {day}, until {DayTables.Words(change.LeaseUntil)}. {Remedy(resolution)}"
            : $"Not recorded: the email of {day} is {DayTables.Words(change.Status ?? DeliveryStatus.Pending)}. {Rule(resolution)}");
        return ExitCode.NotDone;
    });

    private static Text Nothing(string words) => new Text(words + Environment.NewLine);

    private static string Rule(DeliveryResolution resolution) => resolution.Kind is DeliveryResolutionKind.Retry or DeliveryResolutionKind.MarkUnsent
        ? "retry and unsent are for an email that failed, was abandoned, or whose run was killed; a pending one is sent by the next run of that day."
        : "delivered and abandon are for an email that is neither delivered nor deleted.";

    private static string Remedy(DeliveryResolution resolution) => resolution.Kind == DeliveryResolutionKind.MarkUnsent
        ? "What it may be sending is not taken back: wait until then, and run the same command again."
        : "If that run is known to be dead, add --force.";

    private async Task<int> AskAsync(Func<Task<int>> ask)
    {
        try
        {
            return await ask();
        }
        catch (DigestStoreException failure)
        {
            terminal.Error($"The table could not be asked ({failure.Reason}): {failure.Message}");
            return ExitCode.NotDone;
        }
    }
}
