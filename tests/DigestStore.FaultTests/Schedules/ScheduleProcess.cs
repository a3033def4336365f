using DigestStore.Testing;

namespace DigestStore.FaultTests;

/// <summary>One process: a clock and a repository of its own, over a network of its own.</summary>
internal sealed class ScheduleProcess : IDisposable
{
    private readonly VirtualTimeProvider _world;

    public ScheduleProcess(VirtualTimeProvider world, ScheduleMonitor monitor, ScheduleProfile profile, TimeSpan offset, Random random, string name, bool isHealthy, bool isPrompt, IDeadLetterSink sink)
    {
        _world = world;
        Clock = new ScheduleClock(world, offset);
        Table = new ScheduleTable(world, monitor, Clock, profile, random, name) { IsHealthy = isHealthy, IsPrompt = isPrompt };
        Repository = new DigestRepository(Table, () => OptionsOf(profile), new DigestStoreServices { TimeProvider = Clock, DeadLetters = sink });
    }

    public ScheduleClock Clock { get; }

    public ScheduleTable Table { get; }

    public DigestRepository Repository { get; }

    public static DigestStoreOptions OptionsOf(ScheduleProfile profile) => new()
    {
        TableName = "schedules",
        Retention = profile.Retention,
        ReadDeadline = profile.ReadDeadline,

        // The jitter of the back-off would make two runs of one seed differ.
        RetryDelay = TimeSpan.Zero,
        ThrottleDelay = TimeSpan.Zero,
        MaxRetryDelay = TimeSpan.Zero,
    };

    /// <summary>Waits for the work of the process, or for its crash.</summary>
    public async Task RunAsync(Task work)
    {
        if (await Task.WhenAny(work, Clock.Crashed) == work)
        {
            await work;
        }
    }

    /// <summary>Sends the email of a run, as its plan says.</summary>
    public async Task<DeliveryReceipt> SendAsync(SendRun run, ScheduleMonitor monitor, DeliveryAttempt attempt, CancellationToken stopped)
    {
        SendPlan plan = run.Plan;
        (run.HandedAt, run.Attempt) = (_world.Elapsed, attempt);
        monitor.Tell($"{run} is handed to its delegate{(attempt.IsProtected ? "" : ", unprotected")}{(attempt.IsRepeat ? ", as a repeat" : "")}");
        if (plan.PauseBefore > TimeSpan.Zero)
        {
            await Clock.PauseAsync(plan.PauseBefore);
        }

        await WaitAsync(plan.TimeBefore, plan.HeedsToken ? stopped : default);
        if (plan.SavesCheckpoint)
        {
            await attempt.SaveCheckpointAsync("half", CancellationToken.None);
        }

        await StopAsync(plan.CrashesBefore, plan.HeedsToken ? stopped : default);
        if (plan.Failure is { } kind)
        {
            run.IsFailureKnown = kind != DeliveryFailureKind.Uncertain;
            throw new DeliveryFailedException(kind, "refused");
        }

        run.Send(_world.Elapsed, monitor.Life);
        monitor.Tell($"{run} is SENT");
        await StopAsync(plan.CrashesAfter, default);
        await WaitAsync(plan.TimeAfter, plan.HeedsToken ? stopped : default);
        return plan.LosesReceipt ? throw new IOException("no answer") : new DeliveryReceipt();
    }

    public void Dispose() => Repository.Dispose();

    private async Task StopAsync(bool crashes, CancellationToken stopped)
    {
        if (crashes)
        {
            Clock.Crash();
        }

        await Clock.HoldAsync();
        stopped.ThrowIfCancellationRequested();
    }

    private async Task WaitAsync(TimeSpan time, CancellationToken stopped)
    {
        if (time > TimeSpan.Zero)
        {
            await Task.Delay(time, Clock, stopped);
        }

        stopped.ThrowIfCancellationRequested();
    }
}
