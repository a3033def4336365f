using DigestStore.Resilience;
using DigestStore.Storing;
using DigestStore.Telemetry;

namespace DigestStore.UnitTests.Storing;

public sealed class SpillTests : IDisposable
{
    private readonly FixedClock _clock = new();
    private readonly CallScope _scope;

    public SpillTests() => _scope = Some.Scope(_clock);

    public void Dispose() => _scope.Dispose();

    [Fact]
    public async Task A_sink_that_fails_once_gets_the_letters_of_the_next_window()
    {
        var sink = new ScriptedSink(call => call == 1 ? throw new IOException("busy") : Task.CompletedTask);
        Spill spill = Of(sink);

        await TakeAsync(spill, windows: 5);

        Assert.Equal((5, 4, 1), (sink.Calls, spill.Taken, spill.Lost));
    }

    [Fact]
    public async Task A_sink_that_fails_three_times_in_a_row_is_not_asked_again()
    {
        var sink = new ScriptedSink(call => call is 1 or 2 or 4 or > 5 ? throw new IOException("disk full") : Task.CompletedTask);
        Spill spill = Of(sink);

        await TakeAsync(spill, windows: 20);

        Assert.Equal((8, 2, 18), (sink.Calls, spill.Taken, spill.Lost));
    }

    [Fact]
    public async Task A_sink_that_hangs_has_used_up_the_time_for_all_failures()
    {
        var sink = new ScriptedSink(_ => new TaskCompletionSource().Task);
        Spill spill = Of(sink);
        _clock.Hurry = Spill.Reserve;

        await TakeAsync(spill, windows: 3);

        // The clock hurries, so the time may be up before there was a thread to ask the sink on.
        Assert.InRange(sink.Calls, 0, 1);
        Assert.Equal((0, 3), (spill.Taken, spill.Lost));
    }

    [Fact]
    public async Task Slow_failures_share_the_time_even_with_successes_between_them()
    {
        var sink = new ScriptedSink(call =>
        {
            if (call % 2 != 0)
            {
                return Task.CompletedTask;
            }

            _clock.Advance(TimeSpan.FromSeconds(1.2));
            throw new IOException("slow disk");
        });
        Spill spill = Of(sink);

        await TakeAsync(spill, windows: 8);

        // The second failure takes longer than what the first has left.
        Assert.Equal((4, 2, 6), (sink.Calls, spill.Taken, spill.Lost));
    }

    [Fact]
    public async Task What_was_handed_over_before_counts_when_the_time_is_shared()
    {
        var sink = new ScriptedSink(static _ => Task.CompletedTask);
        Spill spill = Of(sink);
        long started = _clock.GetTimestamp();
        PendingItem item = Some.Pending(0);
        item.Fail(StoreProblemReason.Unavailable);

        await spill.TakeAsync([item], 0, started);
        _clock.Advance(Spill.Reserve);
        await spill.TakeAsync([item], 0, started);

        Assert.Equal((1, 1, 1), (sink.Calls, spill.Taken, spill.Lost));
    }

    private Spill Of(IDeadLetterSink sink) => new(sink, Some.Settings(), Some.Partition, _scope, new StoreTelemetry(null, null), "correlation");

    private static async Task TakeAsync(Spill spill, int windows)
    {
        for (int n = 0; n < windows; n++)
        {
            PendingItem item = Some.Pending(n);
            item.Fail(StoreProblemReason.Unavailable);
            await spill.TakeAsync([item], 0);
        }
    }

    private sealed class ScriptedSink(Func<int, Task> write) : IDeadLetterSink
    {
        public int Calls { get; private set; }

        public Task WriteAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken = default) => write(++Calls);
    }
}
