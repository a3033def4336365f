using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.UnitTests.Delivery;

/// <summary>Requests that were applied though their answers did not arrive.</summary>
public sealed class LostAnswerTests
{
    private readonly DeliveryDesk _desk = new();

    [Theory]
    [InlineData(DeliveryStep.Acquire)]
    [InlineData(DeliveryStep.Announce)]
    [InlineData(DeliveryStep.Confirm)]
    [InlineData(DeliveryStep.Complete)]
    public async Task A_delivery_recognises_each_of_its_own_records(DeliveryStep step)
    {
        _desk.LoseAnswers(step);

        DeliveryResult result = await _desk.DeliverAsync();

        Assert.Equal((DeliveryOutcome.Delivered, true, 1), (result.Outcome, result.AreItemsRecorded, result.Attempt));
        Assert.Equal((1, DeliveryStatus.Delivered), (_desk.Header.Attempts, _desk.Header.Status));
        Assert.Empty(_desk.Sink.Letters);
    }

    [Fact]
    public async Task A_failure_is_recorded_once()
    {
        _desk.LoseAnswers(DeliveryStep.Fail);

        DeliveryResult result = await _desk.DeliverAsync(new DeliveryFailedException(DeliveryFailureKind.Retry, "421"));

        Assert.Equal((DeliveryOutcome.Failed, true), (result.Outcome, result.IsStatusRecorded));
    }

    [Fact]
    public async Task A_lease_whose_every_answer_was_lost_is_found_by_its_token_after_the_email()
    {
        _desk.LoseAnswers(DeliveryStep.Acquire, times: 3);

        DeliveryResult result = await _desk.DeliverAsync();

        Assert.Equal((DeliveryOutcome.Delivered, DeliveryLeaseOutcome.Unprotected, 1), (result.Outcome, result.LeaseOutcome, _desk.Header.Attempts));
    }

    [Fact]
    public async Task A_known_failure_frees_the_day_although_every_answer_of_the_acquisition_was_lost()
    {
        _desk.LoseAnswers(DeliveryStep.Acquire, times: 3);

        DeliveryResult result = await _desk.DeliverAsync(new DeliveryFailedException(DeliveryFailureKind.Retry, "421"));

        Assert.Equal((DeliveryOutcome.Failed, DeliveryLeaseOutcome.Unprotected), (result.Outcome, result.LeaseOutcome));
        Assert.Equal((DeliveryStatus.Failed, null), (_desk.Header.Status, _desk.Header.LeaseUntil));
        Assert.Equal(DeliveryOutcome.Delivered, (await _desk.DeliverAsync()).Outcome);
    }

    [Fact]
    public async Task A_renewal_is_recognised_by_the_end_that_it_wrote()
    {
        DeliveryLease lease = await _desk.AcquireAsync();
        _desk.Clock.Advance(TimeSpan.FromMinutes(1));
        _desk.LoseAnswers(DeliveryStep.Renew);

        DeliveryChange change = await _desk.Clock.RunAsync(() => _desk.Repository.RenewAsync(lease, "half"));

        Assert.Equal((DeliveryChangeOutcome.Recorded, "half"), (change.Outcome, _desk.Header.Checkpoint));
    }

    [Fact]
    public async Task A_late_acquisition_of_a_sender_that_has_ended_is_refused()
    {
        RecordUpdate? acquired = null;
        _desk.Table.OnUpdate = update =>
        {
            acquired ??= update;
            return null;
        };
        await _desk.DeliverAsync(new DeliveryFailedException(DeliveryFailureKind.Retry, "421"));
        string? token = _desk.Header.LeaseToken;

        // The same request comes to the table once more.
        await _desk.Table.UpdateAsync(acquired!, new Attempt(CancellationToken.None));

        Assert.Equal((DeliveryStatus.Failed, 1, token), (_desk.Header.Status, _desk.Header.Attempts, _desk.Header.LeaseToken));
    }

    [Fact]
    public async Task A_late_renewal_moves_no_lease_back()
    {
        DeliveryLease lease = await _desk.AcquireAsync();
        RecordUpdate? first = null;
        _desk.Table.OnUpdate = update =>
        {
            first ??= update;
            return null;
        };
        _desk.Clock.Advance(TimeSpan.FromMinutes(1));
        await _desk.Repository.RenewAsync(lease, "one");
        _desk.Clock.Advance(TimeSpan.FromMinutes(1));
        await _desk.Repository.RenewAsync(lease, "two");
        DateTimeOffset? until = _desk.Header.LeaseUntil;

        await _desk.Table.UpdateAsync(first!, new Attempt(CancellationToken.None));

        Assert.Equal((until, "two"), (_desk.Header.LeaseUntil, _desk.Header.Checkpoint));
    }

    [Fact]
    public async Task Two_checkpoints_in_one_millisecond_are_both_recorded()
    {
        DeliveryLease lease = await _desk.AcquireAsync();

        Assert.True((await _desk.Repository.RenewAsync(lease, "one")).IsRecorded);
        Assert.True((await _desk.Repository.RenewAsync(lease, "two")).IsRecorded);

        Assert.Equal("two", _desk.Header.Checkpoint);
    }
}
