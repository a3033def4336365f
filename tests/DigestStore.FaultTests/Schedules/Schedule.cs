using System.Collections.Concurrent;
using System.Globalization;
using DigestStore.DeadLetters;
using DigestStore.Records;
using DigestStore.Testing;

namespace DigestStore.FaultTests;

/// <summary>
/// One schedule: three senders of one day on virtual time, with stores, an operator and a deletion in between. Then all is well, and the table
/// is asked what it knows.
/// </summary>
internal sealed class Schedule
{
    private static readonly DateOnly Day = new(2026, 11, 21);

    private readonly VirtualTimeProvider _world = new();
    private readonly ScheduleProfile _profile;
    private readonly ScheduleMonitor _monitor;
    private readonly CollectingSink _sink = new();
    private readonly List<SendRun> _runs = [];
    private readonly ConcurrentQueue<string> _stored = new();
    private readonly Lock _lock = new();

    /// <summary>The table is in memory, or in a file, whose caller disposes of it.</summary>
    public Schedule(int seed, RemovedClause? removed = null, UpdateKind? focus = null, ScheduleFile? file = null)
    {
        _profile = new ScheduleProfile(seed, focus);
        DigestStoreOptions options = ScheduleProcess.OptionsOf(_profile);
        _monitor = new ScheduleMonitor(_world, _profile, removed, new Partition(options.TableName, options.DigestName, Day), file);
    }

    public IReadOnlyList<string> Broken => _monitor.Broken;

    public string Story => _monitor.Story;

    public int Sent => _runs.Count(static run => run.SentAt is not null);

    public Task RunAsync() => _world.RunAsync(PlayAsync);

    private async Task PlayAsync()
    {
        await Task.WhenAll([.. Enumerable.Range(0, ScheduleProfile.Senders).Select(SendAsync), MeddleAsync()]);

        // By then every lease is over by every clock, and every request that was delayed has arrived.
        await WaitAsync(_profile.LongestHold + TimeSpan.FromMinutes(3));
        using ScheduleProcess observer = NewProcess(new Random(_profile.Seed), "observer", TimeSpan.Zero, isHealthy: true, isPrompt: true);
        await ReplayAsync(observer);
        var claims = new ScheduleClaims(_profile, _monitor, _runs);
        claims.JudgeRuns();
        claims.JudgePairs();
        await JudgeDeletionAsync(observer);
        await claims.JudgeHistoryAsync(observer.Repository, Day);
        DigestItem[] items = Items(new Random(_profile.Seed));
        DeliveryResult last = await observer.Repository.DeliverAsync(Day, items, static (_, _) => Task.FromResult(new DeliveryReceipt()));
        _monitor.Expect(
            last.Outcome is DeliveryOutcome.Delivered or DeliveryOutcome.AlreadyDelivered or DeliveryOutcome.GaveUp or DeliveryOutcome.Deleted,
            $"long after everything has ended, a delivery says: {last}");
        await claims.JudgeHistoryAsync(observer.Repository, Day, items);
    }

    private async Task SendAsync(int sender)
    {
        var random = new Random(unchecked((_profile.Seed * 7_919) + sender));
        TimeSpan offset = NextOffset(random);
        ScheduleProcess process = NewProcess(random, $"sender {sender}", offset);
        for (int left = random.Next(1, 4); left > 0; left--)
        {
            await WaitAsync(random.Next(2) == 0 ? TimeSpan.FromMilliseconds(random.Next(1, 20_000)) : _profile.Lease * (random.NextDouble() * 1.5));
            if (process.Clock.IsCrashed)
            {
                process = NewProcess(random, $"sender {sender}", offset);
            }

            process.Table.OutageUntil = random.Next(10) == 0 ? _world.Elapsed + (_profile.Lease * (random.NextDouble() * 2)) : TimeSpan.Zero;
            process.Table.RequestsBeforeOutage = random.Next(4);
            SendRun run = NewRun(process, random, sender);
            process.Table.Run = run;
            await process.RunAsync(DeliverAsync(process, run, random.Next(15) == 0 ? TimeSpan.FromSeconds(random.Next(1, 400)) : null));
            run.EndedAt = _world.Elapsed;
            _monitor.Tell($"{run} ended: {(process.Clock.IsCrashed ? "crashed" : run.Result?.ToString())}");
        }
    }

    private SendRun NewRun(ScheduleProcess process, Random random, int sender)
    {
        lock (_lock)
        {
            var run = new SendRun
            {
                Number = _runs.Count + 1,
                Clock = process.Clock,
                Items = Items(random),
                Plan = SendPlan.Next(random, _profile.Lease),
                StartedAt = _world.Elapsed,
                Options = new DeliveryOptions
                {
                    LeaseDuration = _profile.Lease,
                    ClockSkewAllowance = _profile.Allowance,
                    MaxSendDuration = _profile.MaxSend,
                    MaxAttempts = _profile.MaxAttempts,
                    MessageId = $"message-{sender}-{_runs.Count + 1}",
                    OnUncertain = random.Next(8) switch { 0 => UncertainAttempt.Skip, 1 => UncertainAttempt.Throw, _ => UncertainAttempt.Resend },
                    WaitForHolder = random.Next(6) == 0 ? TimeSpan.FromSeconds(random.Next(10, 90)) : TimeSpan.Zero,
                },
            };
            _runs.Add(run);
            return run;
        }
    }

    private async Task DeliverAsync(ScheduleProcess process, SendRun run, TimeSpan? patience)
    {
        using var canceled = new CancellationTokenSource(patience ?? Timeout.InfiniteTimeSpan, process.Clock);
        try
        {
            run.Result = await process.Repository.DeliverAsync(Day, run.Items, (attempt, stopped) => process.SendAsync(run, _monitor, attempt, stopped), run.Options, canceled.Token);
        }
        catch (DigestStoreCanceledException exception)
        {
            (run.Result, run.IsCanceled) = (exception.Delivery, true);
        }
        catch (DeliveryFailedException exception) when (run.Options.OnUncertain == UncertainAttempt.Throw)
        {
            run.Result = exception.Result;
        }
    }

    // Stores, an operator, a deletion, the replay of letters, and DynamoDB's own removal of what has expired.
    private async Task MeddleAsync()
    {
        var random = new Random(unchecked((_profile.Seed * 7_919) - 1));
        TimeSpan offset = NextOffset(random);
        ScheduleProcess process = NewProcess(random, "operator", offset);
        for (int left = random.Next(1, 6); left > 0; left--)
        {
            await process.RunAsync(MeddleAsync(process, random));
            if (process.Clock.IsCrashed)
            {
                process = NewProcess(random, "operator", offset);
            }

            await WaitAsync(TimeSpan.FromMilliseconds(random.Next(1, 400_000)));
            _monitor.RemoveExpiredHeader();
        }
    }

    private async Task MeddleAsync(ScheduleProcess process, Random random)
    {
        try
        {
            switch (random.Next(6))
            {
                case 0 or 1:
                    await process.Repository.StoreAsync(Day, Items(random));
                    break;
                case 2 when _profile.HasOperator:
                    DeliveryChange change = await process.Repository.ResolveAsync(Day, new DeliveryResolution((DeliveryResolutionKind)random.Next(3)) { Force = _profile.Forces, Reason = "decided" });
                    _monitor.Tell($"resolved: {change.Outcome}");
                    break;
                case 3 when _profile.HasDeletion:
                    await Task.WhenAll(DeleteAsync(process), StoreMeanwhileAsync(new Random(random.Next())));
                    break;
                case 4:
                    await ReplayAsync(process);
                    break;
                default:
                    await new ScheduleClaims(_profile, _monitor, Runs()).JudgeHistoryAsync(process.Repository, Day);
                    break;
            }
        }
        catch (DigestStoreException exception)
        {
            _monitor.Tell($"operator: {exception.Reason}");
        }
    }

    private async Task DeleteAsync(ScheduleProcess process)
    {
        DeleteDayResult deleted = await process.Repository.DeleteDayAsync(Day);
        _monitor.Tell($"deleted: {deleted.Outcome}");
    }

    // Nothing happens to this store call but that it meets the deletion.
    private async Task StoreMeanwhileAsync(Random random)
    {
        using ScheduleProcess process = NewProcess(random, "store", NextOffset(random), isHealthy: true);
        await WaitAsync(TimeSpan.FromMilliseconds(random.Next(0, _profile.IsSlow ? 6_000 : 200)));
        var item = new DigestItem { Url = string.Create(CultureInfo.InvariantCulture, $"https://example.org/stored/{random.Next()}"), Title = "A page" };
        StoreResult result = await process.Repository.StoreAsync(Day, [item]);
        _monitor.Tell($"stored: {result.Status}");
        if (result.Status == StoreStatus.Stored && result.Problems.Count == 0)
        {
            _stored.Enqueue(item.Url);
        }
    }

    // A day that is called deleted and has items is one that nobody may send, and that nobody begins anew.
    private async Task JudgeDeletionAsync(ScheduleProcess observer)
    {
        if (_monitor.ReadHeader()?.Status == DeliveryStatus.Deleted)
        {
            Digest digest = await observer.Repository.GetAsync(Day);
            _monitor.Expect(!digest.Any(item => _stored.Contains(item.Item.Url)), "a day is called deleted, and a store call that ended well has left items on it");
        }
    }

    private async Task ReplayAsync(ScheduleProcess process)
    {
        while (_sink.Letters.TryDequeue(out DeadLetter? letter))
        {
            if (letter.Delivery is null)
            {
                continue;
            }

            SettledDeadLetter replayed = await ((IReplayTarget)process.Repository).ReplayDeliveryAsync(letter, default);
            _monitor.Tell($"replayed: {replayed.Fate}");
            SendRun? run = Runs().Find(run => run.Token == letter.Delivery.Token);
            if (run is not null)
            {
                run.IsRemembered |= replayed.Fate is DeadLetterFate.Stored or DeadLetterFate.Superseded;
            }

            if (run is not null && replayed.Fate == DeadLetterFate.Stored && !letter.Delivery.IsUncertain)
            {
                run.IsReplayed = true;
                run.Complete(_world.Elapsed, _monitor.Life);
            }
        }
    }

    private List<SendRun> Runs()
    {
        lock (_lock)
        {
            return [.. _runs];
        }
    }

    private ScheduleProcess NewProcess(Random random, string name, TimeSpan offset, bool isHealthy = false, bool isPrompt = false) =>
        new(_world, _monitor, _profile, offset, random, name, isHealthy, isPrompt, _sink);

    private TimeSpan NextOffset(Random random) => TimeSpan.FromSeconds(_profile.DoClocksAgree ? random.Next(-15, 16) : random.Next(-60, 61));

    private Task WaitAsync(TimeSpan time) => Task.Delay(time, _world);

    private static DigestItem[] Items(Random random) =>
    [
        .. Enumerable.Range(0, ScheduleProfile.Pages).Where(_ => random.Next(3) > 0).DefaultIfEmpty(0)
            .Select(static page => new DigestItem { Url = string.Create(CultureInfo.InvariantCulture, $"https://example.org/{page}"), Title = "A page" }),
    ];
}
