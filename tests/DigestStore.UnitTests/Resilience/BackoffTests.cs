using DigestStore.Resilience;
using DigestStore.Table;

namespace DigestStore.UnitTests.Resilience;

public sealed class BackoffTests
{
    [Theory]
    [InlineData("Unavailable", 0, 25, 50)]
    [InlineData("Unavailable", 1, 50, 100)]
    [InlineData("TimedOut", 2, 100, 200)]
    [InlineData("Throttled", 0, 250, 500)]
    [InlineData("Throttled", 1, 500, 1_000)]
    [InlineData("Throttled", 3, 2_000, 4_000)]
    [InlineData("Throttled", 4, 2_500, 5_000)]
    [InlineData("Throttled", 9, 2_500, 5_000)]
    [InlineData("ClockSkew", 0, 0, 0)]
    public void The_delay_doubles_up_to_the_longest_and_half_of_it_is_spread(string cause, int retry, int least, int most)
    {
        FaultKind kind = Enum.Parse<FaultKind>(cause);

        Assert.Equal(least, Backoff.Delay(kind, retry, Some.Options(), 0).TotalMilliseconds);
        Assert.Equal(most, Backoff.Delay(kind, retry, Some.Options(), 1).TotalMilliseconds);
        Assert.Equal((least + most) / 2.0, Backoff.Delay(kind, retry, Some.Options(), 0.5).TotalMilliseconds, 3);
    }

    [Fact]
    public void The_largest_numbers_overflow_nothing()
    {
        DigestStoreOptions options = Some.Options(static options => (options.RetryDelay, options.MaxRetryDelay) = (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10)));

        Assert.Equal(TimeSpan.FromMinutes(10), Backoff.Delay(FaultKind.Unavailable, int.MaxValue, options, 1));
        Assert.Equal(TimeSpan.Zero, Backoff.Delay(FaultKind.Unavailable, int.MaxValue, Some.Options(static zero => (zero.RetryDelay, zero.MaxRetryDelay) = (TimeSpan.Zero, TimeSpan.Zero)), 1));
    }
}
