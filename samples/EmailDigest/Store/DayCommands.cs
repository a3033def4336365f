using Spectre.Console;

namespace EmailDigest.Store;

/// <summary>The commands <c>list</c>, <c>show</c>, <c>status</c> and <c>resolve</c>: what an operator asks about the days of a table, and decides.</summary>
internal sealed class DayCommands(IServiceProvider services, Terminal terminal)
{
    private DateOnly Today => services.GetRequiredService<IOptions<DigestStoreOptions>>().Value.Today();

    public Task<int> ListAsync(int days, CancellationToken cancellationToken) => AskAsync(async () =>
    {
        DateOnly today = Today;
        DateOnly from = DateOnly.FromDayNumber(Math.Max(0, today.DayNumber - days + 1));
        List<DigestDay> found = await services.GetRequiredService<IDigestHistory>().ListDaysAsync(from, today, cancellationToken).ToListAsync(cancellationToken);
        if (found.Count == 0)
        {
            terminal.Out.WriteLine($"Nothing is stored from {DayTables.Words(from)} to {DayTables.Words(today)}; --days looks further back.");
            return ExitCode.Done;
        }

        terminal.Out.Write(DayTables.Of(found));
        return ExitCode.Done;
    });

    public Task<int> ShowAsync(DateOnly date, CancellationToken cancellationToken) => AskAsync(async () =>
    {
        Digest digest = await services.GetRequiredService<IDigestRepository>().GetAsync(date, cancellationToken);
        if (digest.Count == 0)
        {
            terminal.Out.WriteLine($"Nothing is stored for {DayTables.Words(date)}.");
            return ExitCode.Done;
        }

        terminal.Out.Write(ReadBackTable.Of(digest, terminal.Out.Profile.Width, digest.Count));
        return ExitCode.Done;
    });

    public Task<int> StatusAsync(DateOnly date, CancellationToken cancellationToken) => AskAsync(async () =>
    {
        DeliveryState? state = await services.GetRequiredService<IDigestDelivery>().GetDeliveryAsync(date, cancellationToken);
        if (state is null)
        {
            terminal.Out.WriteLine($"Nothing is recorded of {DayTables.Words(date)}: no run has stored or sent it.");
            return ExitCode.Done;
        }

        terminal.Out.Write(DayTables.Of(state));
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
            : $"Not recorded: the email of {day} is {DayTables.Words(change.Status ?? DeliveryStatus.Pending)}, and this decision does not fit that.");
        return ExitCode.NotDone;
    });

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
