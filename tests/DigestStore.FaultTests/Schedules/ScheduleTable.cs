using DigestStore.DynamoDb;
using DigestStore.Records;
using DigestStore.Table;
using DigestStore.Testing;

namespace DigestStore.FaultTests;

/// <summary>What happens to one request on its way to the table and back.</summary>
internal enum RequestMove
{
    None,
    Lose,
    Delay,
    Refuse,
    Slow,
    LoseAnswer,
    ErrorAfter,
    CrashBefore,
    CrashAfter,
    PauseBefore,
    PauseAfter,
}

/// <summary>The table as one process sees it: over a network that loses and delays, from a process that pauses and crashes.</summary>
internal sealed class ScheduleTable(VirtualTimeProvider world, ScheduleMonitor monitor, ScheduleClock clock, ScheduleProfile profile, Random random, string name) : IDigestTable, ITableSource
{
    private static readonly RequestMove[] Moves =
    [
        RequestMove.Lose, RequestMove.Delay, RequestMove.Delay, RequestMove.Refuse, RequestMove.Slow, RequestMove.Slow, RequestMove.LoseAnswer, RequestMove.LoseAnswer,
        RequestMove.ErrorAfter, RequestMove.CrashBefore, RequestMove.CrashAfter, RequestMove.PauseBefore, RequestMove.PauseAfter,
    ];

    private static readonly RequestMove[] LateMoves = [RequestMove.Delay, RequestMove.LoseAnswer, RequestMove.PauseBefore, RequestMove.PauseAfter];

    private static readonly TableFault Unavailable = new(FaultKind.Unavailable, "InternalServerError", 500);
    private static readonly TableFault Throttled = new(FaultKind.Throttled, "ThrottlingException", 400);

    /// <summary>The delivery that the process is at.</summary>
    public SendRun? Run { get; set; }

    /// <summary>Until then, no request of this process arrives, except the first few.</summary>
    public TimeSpan OutageUntil { get; set; }

    public int RequestsBeforeOutage { get; set; }

    /// <summary>Nothing happens to its requests but that they take time.</summary>
    public bool IsHealthy { get; init; }

    /// <summary>Its requests take no time either.</summary>
    public bool IsPrompt { get; init; }

    public IDigestTable Open(DigestStoreOptions options) => this;

    public void Dispose()
    {
    }

    public Task<PageReply> QueryAsync(PageRequest request, Attempt attempt) =>
        PlayAsync("Query", () => monitor.Table.QueryAsync(request, ScheduleMonitor.Unhurried).Result, static fault => new PageReply { Fault = fault }, Run, attempt.Token);

    public Task<LookupReply> LookupAsync(LookupRequest request, Attempt attempt) =>
        PlayAsync("BatchGetItem", () => monitor.Table.LookupAsync(request, ScheduleMonitor.Unhurried).Result, fault => new LookupReply { Fault = fault, KeyCount = request.Keys.Count }, Run, attempt.Token);

    public Task<WriteReply> WriteAsync(WriteBatch batch, Attempt attempt) => PlayAsync(
        "BatchWriteItem", () => monitor.Table.WriteAsync(batch, ScheduleMonitor.Unhurried).Result, fault => new WriteReply { Fault = fault, Sent = batch.Puts.Count + batch.Deletes.Count }, Run, attempt.Token);

    public async Task<UpdateReply> UpdateAsync(RecordUpdate update, Attempt attempt)
    {
        SendRun? run = Run;
        UpdateKind kind = UpdateKinds.Of(update);
        if (kind == UpdateKind.Acquire && run is not null)
        {
            monitor.Know(update, run);
        }

        UpdateReply reply = await PlayAsync(kind.ToString(), () => monitor.Update(update, run, name), static fault => new UpdateReply { Fault = fault }, run, attempt.Token);
        if (kind == UpdateKind.Announce && reply.Fault is null && run is not null)
        {
            run.IsAnnounced = true;
        }

        return reply;
    }

    private async Task<T> PlayAsync<T>(string request, Func<T> apply, Func<TableFault, T> failed, SendRun? run, CancellationToken abandoned)
        where T : TableReply
    {
        await clock.HoldAsync();
        RequestMove move = NextMove(request);
        if (move != RequestMove.None)
        {
            monitor.Tell($"{name} {request}: {move}");
            if (run is not null)
            {
                run.IsHarmed = true;
            }
        }

        if (!IsPrompt && (profile.IsSlow || random.Next(3) == 0))
        {
            await Task.Delay(TimeSpan.FromTicks(random.Next(10_000, profile.IsSlow ? 20_000_000 : 500_000)), world, CancellationToken.None);
        }

        switch (move)
        {
            case RequestMove.CrashBefore:
                clock.Crash();
                break;
            case RequestMove.PauseBefore:
                await clock.PauseAsync(NextPause());
                break;
            case RequestMove.Lose:
                return await NeverAsync<T>(abandoned);
            case RequestMove.Delay:
                _ = ApplyLaterAsync(apply, NextPause());
                return await NeverAsync<T>(abandoned);
            case RequestMove.Refuse:
                await clock.HoldAsync();
                return failed(Throttled);
            case RequestMove.Slow:
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(100, 2_900)), world, CancellationToken.None);
                break;
        }

        await clock.HoldAsync();
        T reply = apply();
        switch (move)
        {
            case RequestMove.LoseAnswer:
                return await NeverAsync<T>(abandoned);
            case RequestMove.ErrorAfter:
                reply = failed(Unavailable);
                break;
            case RequestMove.CrashAfter:
                clock.Crash();
                break;
            case RequestMove.PauseAfter:
                await clock.PauseAsync(NextPause());
                break;
        }

        await clock.HoldAsync();
        return reply;
    }

    private RequestMove NextMove(string request)
    {
        if (IsHealthy || (world.Elapsed < OutageUntil && RequestsBeforeOutage-- <= 0))
        {
            return IsHealthy ? RequestMove.None : RequestMove.Lose;
        }

        if (profile.Focus?.ToString() == request && random.Next(3) == 0)
        {
            return LateMoves[random.Next(LateMoves.Length)];
        }

        return random.NextDouble() < profile.FaultShare ? Moves[random.Next(Moves.Length)] : RequestMove.None;
    }

    private TimeSpan NextPause() => random.Next(3) switch
    {
        0 => TimeSpan.FromSeconds(random.Next(1, 30)),
        1 => profile.Lease * random.NextDouble(),
        _ => profile.Lease + (profile.Allowance * (random.NextDouble() * 10)),
    };

    private async Task ApplyLaterAsync<T>(Func<T> apply, TimeSpan delay)
    {
        await Task.Delay(delay, world, CancellationToken.None);
        apply();
    }

    private static async Task<T> NeverAsync<T>(CancellationToken abandoned)
    {
        var never = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = abandoned.Register(() => never.TrySetCanceled(abandoned));
        return await never.Task;
    }
}
