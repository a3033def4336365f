using DigestStore.Table;

namespace DigestStore.UnitTests.Table;

public sealed class AttemptTests
{
    private readonly Attempt _attempt = new(CancellationToken.None);

    [Fact]
    public void What_is_sent_at_once_cannot_be_withdrawn() => Assert.False(_attempt.TryWithdraw());

    [Fact]
    public void What_waits_can_be_withdrawn_and_is_then_not_taken()
    {
        _attempt.Enqueue();

        Assert.True(_attempt.TryWithdraw());
        Assert.False(_attempt.TryTake());
        Assert.True(_attempt.TryWithdraw());
    }

    [Fact]
    public void What_was_taken_cannot_be_withdrawn_and_is_taken_once()
    {
        _attempt.Enqueue();

        Assert.True(_attempt.TryTake());
        Assert.False(_attempt.TryTake());
        Assert.False(_attempt.TryWithdraw());
    }

    [Fact]
    public void A_withdrawn_attempt_does_not_come_back_into_a_queue()
    {
        _attempt.Enqueue();
        _attempt.TryWithdraw();

        _attempt.Enqueue();

        Assert.False(_attempt.TryTake());
    }

    [Fact]
    public async Task Of_two_who_want_it_one_gets_it()
    {
        for (int round = 0; round < 1_000; round++)
        {
            var attempt = new Attempt(CancellationToken.None);
            attempt.Enqueue();
            bool[] got = await Task.WhenAll(Task.Run(attempt.TryTake), Task.Run(attempt.TryWithdraw));
            Assert.NotEqual(got[0], got[1]);
        }
    }
}
