using DigestStore.Delivery;
using DigestStore.Records;

namespace DigestStore.UnitTests.Delivery;

/// <summary>In which order a refusal is read.</summary>
public sealed class RefusalReaderTests
{
    private static readonly DateTimeOffset Now = FixedClock.Start;
    private static readonly LeaseRequest Request = new("own", "me", "message", TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(30), MaxAttempts: 3);

    private static DeliveryRecord Live { get; } = new() { Status = DeliveryStatus.Sending, LeaseToken = "other", LeaseUntil = Now };

    [Fact]
    public void No_record_says_nothing() => Assert.Equal(Refusal.Changed, Read(null));

    [Theory]
    [InlineData(DeliveryStatus.Delivered, Refusal.Delivered)]
    [InlineData(DeliveryStatus.Abandoned, Refusal.Abandoned)]
    [InlineData(DeliveryStatus.Deleting, Refusal.Deleted)]
    [InlineData(DeliveryStatus.Deleted, Refusal.Deleted)]
    [InlineData(DeliveryStatus.Sending, Refusal.Held)]
    [InlineData(DeliveryStatus.Failed, Refusal.Newer)]
    [InlineData(DeliveryStatus.Pending, Refusal.Newer)]
    [InlineData(null, Refusal.Newer)]
    public void A_newer_header_is_judged_by_its_status_before_all_else(DeliveryStatus? status, object expected) =>
        Assert.Equal((Refusal)expected, Read(Live with { Status = status, IsNewer = true, ExpiresAt = Now, LeaseToken = "own" }));

    [Fact]
    public void A_newer_header_whose_lease_is_over_does_not_hold() => Assert.Equal(Refusal.Newer, Read(Live with { IsNewer = true, LeaseUntil = Now.AddMinutes(-1) }));

    [Fact]
    public void An_expired_header_comes_before_its_status() =>
        Assert.Equal(Refusal.Expired, Read(Live with { Status = DeliveryStatus.Delivered, LeaseUntil = null, ExpiresAt = Now }));

    [Fact]
    public void The_own_token_comes_before_an_expired_header() =>
        Assert.Equal(Refusal.Own, Read(Live with { LeaseToken = "own", LeaseUntil = null, ExpiresAt = Now }));

    [Theory]
    [InlineData("own", Refusal.Own)]
    [InlineData("other", Refusal.Held)]
    public void A_header_that_has_expired_under_a_live_lease_is_its_holders(string token, object expected) =>
        Assert.Equal((Refusal)expected, Read(Live with { LeaseToken = token, ExpiresAt = Now }));

    // An operator has decided about the day since. That must not keep an end from being recorded, nor let an email be sent.
    [Theory]
    [InlineData(DeliveryStatus.Delivered, Refusal.Delivered)]
    [InlineData(DeliveryStatus.Abandoned, Refusal.Abandoned)]
    public void The_own_token_comes_before_the_status_only_for_an_end(DeliveryStatus status, object expected)
    {
        DeliveryRecord decided = Live with { LeaseToken = "own", Status = status, LeaseUntil = null };

        Assert.Equal((Refusal)expected, Read(decided));
        Assert.Equal(Refusal.Own, RefusalReader.Read(decided, Request.ForEnd(), Now));
    }

    [Fact]
    public void A_day_that_was_deleted_after_the_email_is_another_one()
    {
        Assert.Equal(Refusal.Deleted, RefusalReader.Read(Live with { Status = DeliveryStatus.Pending, LeaseUntil = null, DeletedAt = Now }, Request with { SentAt = Now }, Now));
        Assert.Equal(Refusal.Held, RefusalReader.Read(Live with { DeletedAt = Now }, Request with { SentAt = Now.AddMilliseconds(1) }, Now));
    }

    [Fact]
    public void A_delivered_or_deleted_day_comes_before_a_live_lease()
    {
        Assert.Equal(Refusal.Delivered, Read(Live with { Status = DeliveryStatus.Delivered }));
        Assert.Equal(Refusal.Deleted, Read(Live with { Status = DeliveryStatus.Deleting }));
    }

    [Fact]
    public void A_live_lease_comes_before_the_attempts_and_before_the_end_of_the_day()
    {
        Assert.Equal(Refusal.Held, Read(Live with { Attempts = 9 }));
        Assert.Equal(Refusal.Held, Read(Live with { Status = DeliveryStatus.Abandoned, Attempts = 9 }));
    }

    [Fact]
    public void A_lease_is_live_until_the_allowance_is_over()
    {
        Assert.Equal(Refusal.Held, Read(Live with { LeaseUntil = Now.AddSeconds(-30) }));
        Assert.Equal(Refusal.Changed, Read(Live with { LeaseUntil = Now.AddSeconds(-30).AddMilliseconds(-1) }));
    }

    [Fact]
    public void An_abandoned_day_comes_before_the_attempts() =>
        Assert.Equal(Refusal.Abandoned, Read(Live with { Status = DeliveryStatus.Abandoned, LeaseUntil = null, Attempts = 9 }));

    [Fact]
    public void Attempts_are_used_up_when_no_lease_lives()
    {
        Assert.Equal(Refusal.UsedUp, Read(Live with { LeaseUntil = Now.AddMinutes(-1), Attempts = 3 }));
        Assert.Equal(Refusal.Changed, Read(Live with { LeaseUntil = Now.AddMinutes(-1), Attempts = 2 }));
    }

    private static Refusal Read(DeliveryRecord? record) => RefusalReader.Read(record, Request, Now);
}
