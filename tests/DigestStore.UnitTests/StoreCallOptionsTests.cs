namespace DigestStore.UnitTests;

public sealed class StoreCallOptionsTests
{
    [Fact]
    public void A_name_that_is_too_long_is_refused_with_value_rule_and_remedy()
    {
        string tooLong = "job\n" + new string('a', 9_996);

        Assert.StartsWith(
            $"StoreCallOptions.Caller is 'job {new string('a', 28)}…', which has 10000 characters, but must have at most 128. Shorten it.",
            Assert.Throws<ArgumentException>(() => new StoreCallOptions { Caller = tooLong }).Message, StringComparison.Ordinal);
        Assert.StartsWith("StoreCallOptions.CorrelationId is 'job ", Assert.Throws<ArgumentException>(() => new StoreCallOptions { CorrelationId = tooLong }).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(static () => new StoreCallOptions { CorrelationId = new string('a', 129) });
        Assert.Throws<ArgumentException>(static () => new StoreCallOptions() with { Caller = new string('a', 129) });
    }

    [Fact]
    public async Task A_name_of_128_characters_is_kept_whole()
    {
        string longest = new('a', 128);
        using var repository = new Testing.InMemoryDigestRepository();

        StoreResult result = await repository.StoreAsync(Some.Date, Some.Items(1), new StoreCallOptions { CorrelationId = longest, Caller = longest });

        Assert.Equal(longest, result.CorrelationId);
    }

    [Fact]
    public void A_negative_deadline_is_refused_with_value_rule_and_remedy()
    {
        Assert.StartsWith(
            "StoreCallOptions.Deadline is '-00:00:01', but must not be negative. Leave it out for the deadline of the options, or set the longest time that the call may take.",
            Assert.Throws<ArgumentOutOfRangeException>(static () => new StoreCallOptions { Deadline = TimeSpan.FromSeconds(-1) }).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(static () => new StoreCallOptions { Deadline = Timeout.InfiniteTimeSpan });
        Assert.Throws<ArgumentOutOfRangeException>(static () => new StoreCallOptions { Deadline = TimeSpan.MinValue });
        Assert.Throws<ArgumentOutOfRangeException>(static () => new StoreCallOptions { Deadline = TimeSpan.FromTicks(-1) });
        Assert.Equal(TimeSpan.Zero, new StoreCallOptions { Deadline = TimeSpan.Zero }.Deadline);
        Assert.Null(new StoreCallOptions { Deadline = null }.Deadline);
    }
}
