using System.Diagnostics;
using DigestStore.Benchmarks.Stub;

namespace DigestStore.BenchmarkTests;

public sealed class ExactDelayTests
{
    private readonly ExactDelay _delay = new();

    [Fact]
    public async Task A_delay_is_never_too_short_and_can_be_exact_to_a_millisecond()
    {
        var late = new List<double>();
        for (int time = 0; time < 40; time++)
        {
            long due = Stopwatch.GetTimestamp() + (5 * Stopwatch.Frequency / 1_000);
            await _delay.UntilAsync(due);
            late.Add((Stopwatch.GetTimestamp() - due) * 1_000.0 / Stopwatch.Frequency);
        }

        // A busy machine makes some of them late; a timer that ends on a tick of 4 ms would make nearly all of them so.
        Assert.True(late.Min() >= 0, $"One ended {-late.Min()} ms too early.");
        Assert.True(late.Order().ElementAt(late.Count / 10) < 1, $"They were late by {string.Join(", ", late)} ms.");
    }

    [Fact]
    public async Task A_delay_that_is_asked_for_later_and_ends_earlier_does_not_wait_for_the_other()
    {
        long now = Stopwatch.GetTimestamp();
        Task hour = _delay.UntilAsync(now + (3_600 * Stopwatch.Frequency));
        await _delay.UntilAsync(now + (Stopwatch.Frequency / 100));
        Assert.False(hour.IsCompleted);
    }
}
