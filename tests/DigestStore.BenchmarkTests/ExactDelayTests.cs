using System.Diagnostics;
using DigestStore.Benchmarks.Stub;

namespace DigestStore.BenchmarkTests;

public sealed class ExactDelayTests
{
    private readonly ExactDelay _delay = new();

    // How late it is, the benchmarks measure and print: that depends on how busy the machine is.
    [Fact]
    public async Task A_delay_is_never_too_short()
    {
        for (int time = 0; time < 40; time++)
        {
            long due = Stopwatch.GetTimestamp() + (5 * Stopwatch.Frequency / 1_000);
            await _delay.UntilAsync(due);
            Assert.InRange(Stopwatch.GetTimestamp(), due, long.MaxValue);
        }
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
