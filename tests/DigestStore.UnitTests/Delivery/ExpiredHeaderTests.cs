using DigestStore.DeadLetters;
using DigestStore.Records;

namespace DigestStore.UnitTests.Delivery;

// A header that expires while its day is sent, or between a delivery and the replay of its letter.
public sealed class ExpiredHeaderTests
{
    private readonly DeliveryDesk _desk = new();

    [Fact]
    public async Task A_header_that_expires_while_its_day_is_sent_stays_that_of_its_sender()
    {
        DeliveryLease first = await _desk.AcquireAsync();
        Expire();

        DeliveryLease second = await _desk.AcquireAsync();

        Assert.Equal((DeliveryLeaseOutcome.Granted, DeliveryLeaseOutcome.HeldByAnother), (first.Outcome, second.Outcome));
        Assert.Equal(first.Token, _desk.Header.LeaseToken);
        Assert.True((await CompleteAsync(first)).IsRecorded);
    }

    [Fact]
    public async Task An_expired_header_begins_anew_once_its_lease_has_ended()
    {
        DeliveryLease first = await _desk.AcquireAsync();
        Expire();
        _desk.Clock.Advance(TimeSpan.FromMinutes(6));

        DeliveryLease second = await _desk.AcquireAsync();

        Assert.Equal((DeliveryLeaseOutcome.Granted, 1), (second.Outcome, second.Attempt));
        Assert.Equal(DeliveryChangeOutcome.TakenOver, (await CompleteAsync(first)).Outcome);
    }

    [Fact]
    public async Task A_store_on_a_header_that_expires_while_its_day_is_sent_leaves_the_lease()
    {
        await StoreAsync();
        DeliveryLease lease = await _desk.AcquireAsync();
        Expire();

        await StoreAsync();

        Assert.Equal((DeliveryStatus.Sending, lease.Token), (_desk.Header.Status, _desk.Header.LeaseToken));
        Assert.True((await CompleteAsync(lease)).IsRecorded);
    }

    [Fact]
    public async Task A_letter_does_not_deliver_a_day_once_more_whose_header_has_expired()
    {
        _desk.Break(DeliveryStep.Acquire);
        await _desk.DeliverAsync();
        DeadLetter letter = Assert.Single(_desk.Sink.Letters);
        _desk.Mend();
        DeliveryResult delivered = await _desk.DeliverAsync();
        Expire();

        SettledDeadLetter replayed = await _desk.Clock.RunAsync(() => ((IReplayTarget)_desk.Repository).ReplayDeliveryAsync(letter, CancellationToken.None));

        Assert.Equal((DeliveryOutcome.Delivered, DeadLetterFate.Superseded), (delivered.Outcome, replayed.Fate));
        Assert.Equal(("delivered", delivered.Fence), (_desk.ManifestState, long.Parse(_desk.RawManifest!["fence"].N, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal((DeliveryStatus.Delivered, delivered.MessageId), (_desk.Header.Status, _desk.Header.MessageId));
    }

    [Fact]
    public async Task Waiting_for_a_holder_ends_in_time_to_the_fraction_of_a_millisecond()
    {
        await _desk.AcquireAsync();

        DeliveryLease second = await _desk.AcquireAsync(new DeliveryOptions { WaitForHolder = TimeSpan.FromTicks(50_005_000) });

        Assert.Equal((DeliveryLeaseOutcome.HeldByAnother, 3), (second.Outcome, _desk.Table.Updates.Count));
    }

    private void Expire() => _desk.Apply(new AttributeChange.Set(AttributeNames.ExpiresAt, _desk.Clock.GetUtcNow().ToUnixTimeSeconds() - 1));

    private Task<DeliveryChange> CompleteAsync(DeliveryLease lease) => _desk.Clock.RunAsync(() => _desk.Repository.CompleteAsync(lease, new DeliveryReceipt()));

    private async Task StoreAsync()
    {
        StoreResult result = await _desk.Clock.RunAsync(() => _desk.Repository.StoreAsync(DeliveryDesk.Date, Some.Items(3)));
        result.EnsureStored();
    }
}
