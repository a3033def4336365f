using DigestStore.Calls;
using DigestStore.Storing;

namespace DigestStore.UnitTests.Storing;

public sealed class DeadLetterWriterTests : IDisposable
{
    private readonly FixedClock _clock = new();
    private readonly CallScope _scope;

    public DeadLetterWriterTests() => _scope = Some.Scope(_clock);

    public void Dispose() => _scope.Dispose();

    [Fact]
    public async Task A_sink_that_fails_once_gets_the_letters_of_the_next_window()
    {
        var sink = new ScriptedSink(call => call == 1 ? throw new IOException("busy") : Task.CompletedTask);
        DeadLetterWriter writer = Of(sink);

        await TakeAsync(writer, windows: 5);

        Assert.Equal((5, 4, 1), (sink.Calls, writer.Taken, writer.Lost));
    }

    [Fact]
    public async Task A_sink_that_fails_three_times_in_a_row_is_not_asked_again()
    {
        var sink = new ScriptedSink(call => call is 1 or 2 or 4 or > 5 ? throw new IOException("disk full") : Task.CompletedTask);
        DeadLetterWriter writer = Of(sink);

        await TakeAsync(writer, windows: 20);

        Assert.Equal((8, 2, 18), (sink.Calls, writer.Taken, writer.Lost));
    }

    [Fact]
    public async Task A_sink_that_hangs_has_used_up_the_time_for_all_failures()
    {
        var sink = new ScriptedSink(_ => new TaskCompletionSource().Task);
        DeadLetterWriter writer = Of(sink);
        _clock.Hurry = DeadLetterWriter.Reserve;

        await TakeAsync(writer, windows: 3);

        // The clock hurries, so the time may be up before there was a thread to ask the sink on.
        Assert.InRange(sink.Calls, 0, 1);
        Assert.Equal((0, 3), (writer.Taken, writer.Lost));
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
        DeadLetterWriter writer = Of(sink);

        await TakeAsync(writer, windows: 8);

        // The second failure takes longer than what the first has left.
        Assert.Equal((4, 2, 6), (sink.Calls, writer.Taken, writer.Lost));
    }

    [Fact]
    public async Task What_was_handed_over_before_counts_when_the_time_is_shared()
    {
        var sink = new ScriptedSink(static _ => Task.CompletedTask);
        DeadLetterWriter writer = Of(sink);
        long started = _clock.GetTimestamp();
        PendingItem item = Some.Pending(0);
        item.Fail(StoreProblemReason.Unavailable);

        await writer.TakeAsync([item], 0, started);
        _clock.Advance(DeadLetterWriter.Reserve);
        await writer.TakeAsync([item], 0, started);

        Assert.Equal((1, 1, 1), (sink.Calls, writer.Taken, writer.Lost));
    }

    [Fact]
    public async Task More_than_one_write_is_for_the_time_before_the_deadline()
    {
        // Of 25 s, 23 are for the store. The second write begins before them and ends after them.
        using CallScope scope = Some.Scope(_clock, TimeSpan.FromSeconds(23));
        var sink = new ScriptedSink(call =>
        {
            _clock.Advance(TimeSpan.FromSeconds(call == 1 ? 0.5 : 1));
            return Task.CompletedTask;
        });
        DeadLetterWriter writer = Of(sink, scope);
        _clock.Advance(TimeSpan.FromSeconds(23.7));

        await writer.TakeAsync(Failed(4 * DeadLetterWriter.MaxLettersPerWrite), 0);

        Assert.Equal((2, 2 * DeadLetterWriter.MaxLettersPerWrite, 2 * DeadLetterWriter.MaxLettersPerWrite), (sink.Calls, writer.Taken, writer.Lost));
    }

    [Fact]
    public async Task A_deadline_that_is_long_over_leaves_the_letters_of_an_ordinary_digest_their_time()
    {
        using CallScope scope = Some.Scope(_clock, TimeSpan.FromSeconds(0.8));
        var sink = new ScriptedSink(static _ => Task.CompletedTask);
        DeadLetterWriter writer = Of(sink, scope);
        _clock.Advance(TimeSpan.FromSeconds(2));

        await writer.TakeAsync(Failed(DeadLetterWriter.MaxLettersPerWrite + 1), 0);

        Assert.Equal((1, DeadLetterWriter.MaxLettersPerWrite, 1), (sink.Calls, writer.Taken, writer.Lost));
    }

    private static List<PendingItem> Failed(int count)
    {
        List<PendingItem> items = [.. Enumerable.Range(0, count).Select(static n => Some.Pending(n))];
        items.ForEach(static item => item.Fail(StoreProblemReason.DeadlineExceeded));
        return items;
    }

    private DeadLetterWriter Of(IDeadLetterSink sink) => Of(sink, _scope);

    private static DeadLetterWriter Of(IDeadLetterSink sink, CallScope scope) => new(sink, Some.Context(scope));

    private static async Task TakeAsync(DeadLetterWriter writer, int windows)
    {
        for (int n = 0; n < windows; n++)
        {
            PendingItem item = Some.Pending(n);
            item.Fail(StoreProblemReason.Unavailable);
            await writer.TakeAsync([item], 0);
        }
    }

    private sealed class ScriptedSink(Func<int, Task> write) : IDeadLetterSink
    {
        public int Calls { get; private set; }

        public Task WriteAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken = default) => write(++Calls);
    }
}
