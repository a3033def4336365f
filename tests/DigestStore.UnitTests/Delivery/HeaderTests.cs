using Amazon.DynamoDBv2.Model;
using DigestStore.Records;
using DigestStore.Table;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.UnitTests.Delivery;

/// <summary>What deliveries and stores make of the header of a day.</summary>
public sealed class HeaderTests
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    [Fact]
    public async Task A_first_store_after_a_lease_costs_ten_requests_and_gives_the_day_its_rules_ordinals_and_expiry()
    {
        var desk = new DeliveryDesk(static options => options.Retention = Week);
        DeliveryLease lease = await desk.AcquireAsync();

        StoreResult result = await desk.Clock.RunAsync(() => desk.Repository.StoreAsync(DeliveryDesk.Date, Some.Items(200)));

        Assert.Equal((200, 10), (result.Inserted, result.Cost.Requests));
        HeaderRecord header = new StoredRecord(DeliveryDesk.HeaderKey, desk.RawHeader!).ToHeader();
        Assert.Equal(("1", 200, desk.Clock.GetUtcNow() + Week), (header.IdRules, header.NextOrdinal, header.ExpiresAt));
        Assert.Equal((DeliveryStatus.Sending, lease.Token, 200L), (desk.Header.Status, desk.Header.LeaseToken, desk.Header.Inserted));
        Assert.Equal(2, (await desk.Clock.RunAsync(() => desk.Repository.StoreAsync(DeliveryDesk.Date, Some.Items(200)))).Cost.Requests);
    }

    [Fact]
    public async Task A_page_is_found_on_a_day_whose_header_only_the_delivery_wrote()
    {
        var desk = new DeliveryDesk();
        await desk.AcquireAsync();

        Assert.Null(await desk.Clock.RunAsync(() => desk.Repository.FindAsync(DeliveryDesk.Date, Some.Item().Url)));
        await desk.Clock.RunAsync(() => desk.Repository.StoreAsync(DeliveryDesk.Date, Some.Items(2)));
        Assert.NotNull(await desk.Clock.RunAsync(() => desk.Repository.FindAsync(DeliveryDesk.Date, Some.Item().Url)));
    }

    [Fact]
    public async Task A_sender_that_takes_an_expired_header_keeps_nothing_of_it_but_the_fence()
    {
        DeliveryDesk desk = await ExpiredDeskAsync(DeliveryStatus.Failed);
        long fence = desk.Header.Fence;

        DeliveryLease lease = await desk.AcquireAsync();

        Assert.Equal((DeliveryLeaseOutcome.Granted, 1, false, fence + 1), (lease.Outcome, lease.Attempt, lease.IsRepeat, lease.Fence));
        string[] kept = [N.Pk, N.Sk, N.Date, N.Version, N.Status, N.StatusIndexPk, N.StatusIndexSk, N.LeaseToken, N.LeaseOwner, N.LeaseUntil, N.Fence, N.PreviousStatus, N.Attempts, N.MessageId];
        Assert.Equal(kept.Order(StringComparer.Ordinal), desk.RawHeader!.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(DeliveryStatus.Pending, desk.Header.PreviousStatus);
    }

    [Fact]
    public async Task An_expired_header_that_another_sender_has_taken_meanwhile_is_left_to_it()
    {
        DeliveryDesk desk = await ExpiredDeskAsync(DeliveryStatus.Delivered);
        bool isTaken = false;
        desk.Table.OnUpdate = update =>
        {
            if (!isTaken && update.Changes.Any(static change => change is AttributeChange.Remove { Name: N.ExpiresAt }))
            {
                isTaken = true;
                Assert.Equal(DeliveryLeaseOutcome.Granted, desk.Repository.AcquireAsync(DeliveryDesk.Date, new DeliveryOptions { Owner = "other" }).Result.Outcome);
            }

            return null;
        };

        DeliveryLease lease = await desk.AcquireAsync();

        Assert.Equal((DeliveryLeaseOutcome.HeldByAnother, "other", 1), (lease.Outcome, lease.Owner, desk.Header.Attempts));
    }

    [Fact]
    public async Task An_acquisition_of_an_expired_header_whose_answer_was_lost_is_recognised()
    {
        DeliveryDesk desk = await ExpiredDeskAsync(DeliveryStatus.Delivered);
        desk.LoseAnswers(DeliveryStep.Acquire, times: 2);

        DeliveryLease lease = await desk.AcquireAsync();

        Assert.Equal((DeliveryLeaseOutcome.Granted, 1), (lease.Outcome, desk.Header.Attempts));
    }

    [Theory]
    [InlineData("delivered", false, DeliveryLeaseOutcome.AlreadyDelivered)]
    [InlineData("sending", true, DeliveryLeaseOutcome.HeldByAnother)]
    [InlineData("sending", false, DeliveryLeaseOutcome.Unprotected)]
    [InlineData("abandoned", false, DeliveryLeaseOutcome.GaveUp)]
    [InlineData("deleted", false, DeliveryLeaseOutcome.Deleted)]
    [InlineData("moon", false, DeliveryLeaseOutcome.Unprotected)]
    public async Task A_newer_header_is_never_changed(string status, bool isLive, DeliveryLeaseOutcome expected)
    {
        var desk = new DeliveryDesk();
        long until = desk.Clock.GetUtcNow().AddMinutes(isLive ? 1 : -1).ToUnixTimeMilliseconds();
        desk.Apply(new AttributeChange.Set(N.Version, 2), new AttributeChange.Set(N.Status, status), new AttributeChange.Set(N.LeaseUntil, until), new AttributeChange.Set(N.LeaseToken, "t"));
        Dictionary<string, AttributeValue> before = new(desk.RawHeader!);

        DeliveryLease lease = await desk.AcquireAsync();

        Assert.Equal(expected, lease.Outcome);
        Assert.Equal(before.Keys.Order(), desk.RawHeader!.Keys.Order());
        DigestStoreException thrown = await Assert.ThrowsAsync<DigestStoreException>(() => desk.Clock.RunAsync(() => desk.Repository.GetDeliveryAsync(DeliveryDesk.Date)));
        Assert.Equal(DigestStoreErrorReason.NewerSchema, thrown.Reason);
        Assert.Equal(DeliveryChangeOutcome.Refused, (await desk.Repository.ResolveAsync(DeliveryDesk.Date, new DeliveryResolution(DeliveryResolutionKind.Abandon) { Force = true })).Outcome);
    }

    [Fact]
    public async Task A_store_on_a_deleted_day_begins_anew_and_the_day_can_be_sent_again()
    {
        var desk = new DeliveryDesk();
        await desk.Clock.RunAsync(() => desk.Repository.StoreAsync(DeliveryDesk.Date, Some.Items(30)));
        DeliveryLease before = await desk.AcquireAsync();
        desk.Apply([.. HeaderStatus.Set(Some.Partition, DeliveryStatus.Deleted), new AttributeChange.Remove(N.LeaseUntil)]);
        Assert.Equal(DeliveryOutcome.Deleted, (await desk.DeliverAsync()).Outcome);

        StoreResult result = await desk.Clock.RunAsync(() => desk.Repository.StoreAsync(DeliveryDesk.Date, Some.Items(2, from: 100)));

        Assert.Equal(2, result.Inserted);
        Assert.Equal((DeliveryStatus.Pending, before.Fence, 2L, null), (desk.Header.Status, desk.Header.Fence, desk.Header.Inserted, desk.Header.LeaseToken));
        Assert.Equal("1", desk.RawHeader![N.Runs].N);
        DeliveryResult sent = await desk.DeliverAsync();
        Assert.Equal((DeliveryOutcome.Delivered, 1, before.Fence + 1), (sent.Outcome, sent.Attempt, sent.Fence));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(60)]
    public async Task What_came_to_a_deleted_day_meanwhile_is_not_cleared(int items)
    {
        var desk = new DeliveryDesk();
        desk.Apply([.. HeaderStatus.Set(Some.Partition, DeliveryStatus.Deleted), new AttributeChange.Set(N.Version, 1)]);
        bool isTaken = false;
        desk.Table.OnWrite = _ =>
        {
            if (!isTaken)
            {
                isTaken = true;
                desk.Apply([.. HeaderStatus.Set(Some.Partition, DeliveryStatus.Sending), new AttributeChange.Set(N.LeaseToken, "other")]);
            }

            return null;
        };

        StoreResult result = await desk.Clock.RunAsync(() => desk.Repository.StoreAsync(DeliveryDesk.Date, Some.Items(items)));

        Assert.Equal((StoreStatus.Stored, DeliveryStatus.Sending, "other"), (result.Status, desk.Header.Status, desk.Header.LeaseToken));
    }

    [Fact]
    public async Task A_store_that_takes_an_expired_header_removes_every_attribute_of_the_delivery_but_the_fence()
    {
        DeliveryDesk desk = await ExpiredDeskAsync(DeliveryStatus.Failed);
        long fence = desk.Header.Fence;

        await desk.Clock.RunAsync(() => desk.Repository.StoreAsync(DeliveryDesk.Date, Some.Items(2)));

        Assert.All(HeaderAttributes.OfDeliveries, name => Assert.DoesNotContain(name, desk.RawHeader!.Keys));
        Assert.Equal((DeliveryStatus.Pending, fence, 2L), (desk.Header.Status, desk.Header.Fence, desk.Header.Inserted));
    }

    [Fact]
    public async Task The_attributes_of_the_delivery_stay_below_1_KB_with_all_bounds_used_up()
    {
        var desk = new DeliveryDesk();
        var options = new DeliveryOptions { Owner = new string('o', 64), MessageId = new string('m', 128), MaxAttempts = 1_000 };
        await desk.Clock.RunAsync(() => desk.Repository.StoreAsync(DeliveryDesk.Date, Some.Items(2)));
        Dictionary<string, AttributeValue> ofStore = new(desk.RawHeader!);
        await desk.Repository.ResolveAsync(DeliveryDesk.Date, new DeliveryResolution(DeliveryResolutionKind.Abandon) { Reason = new string('r', 500) });
        await desk.Repository.ResolveAsync(DeliveryDesk.Date, new DeliveryResolution(DeliveryResolutionKind.Retry));
        DeliveryLease lease = await desk.AcquireAsync(options);
        await desk.Repository.RenewAsync(lease, string.Concat(Enumerable.Repeat("€", 85)));
        Assert.True((await desk.Repository.FailAsync(lease, new DeliveryFailure(DeliveryFailureKind.Uncertain, new string('r', 500)))).IsRecorded);
        lease = await desk.AcquireAsync(options);

        Assert.Equal(256, desk.Header.LastError!.Length);
        Assert.InRange(SizeOfDelivery(desk, ofStore), 800, 1024);
        Assert.True((await desk.Repository.CompleteAsync(lease, new DeliveryReceipt { MessageId = new string('p', 128), SentCount = int.MaxValue })).IsRecorded);
        Assert.InRange(SizeOfDelivery(desk, ofStore), 300, 1024);
    }

    [Fact]
    public async Task An_ordinary_header_stays_below_1_KB_so_that_its_updates_cost_one_unit()
    {
        var desk = new DeliveryDesk();
        await desk.Clock.RunAsync(() => desk.Repository.StoreAsync(DeliveryDesk.Date, Some.Items(200)));
        await desk.DeliverAsync(new IOException());
        Assert.InRange(AttributeSize.Of(desk.RawHeader!), 400, 1024);
        await desk.DeliverAsync();
        Assert.InRange(AttributeSize.Of(desk.RawHeader!), 400, 1024);
    }

    private static int SizeOfDelivery(DeliveryDesk desk, Dictionary<string, AttributeValue> ofStore) =>
        AttributeSize.Of(desk.RawHeader!.Where(attribute => !ofStore.ContainsKey(attribute.Key) || attribute.Key == N.Status).ToDictionary());

    // A day of stores and of an attempt, whose retention is over.
    private static async Task<DeliveryDesk> ExpiredDeskAsync(DeliveryStatus status)
    {
        var desk = new DeliveryDesk(static options => options.Retention = Week);
        await desk.Clock.RunAsync(() => desk.Repository.StoreAsync(DeliveryDesk.Date, Some.Items(2)));
        await desk.DeliverAsync(new DeliveryFailedException(DeliveryFailureKind.Retry, "421"));
        desk.Apply([.. HeaderStatus.Set(Some.Partition, status), new AttributeChange.Set(N.Checkpoint, "c"), new AttributeChange.Set(N.ResolveId, "r"), new AttributeChange.Set(N.DeliveredAt, "d"), new AttributeChange.Set(N.SentCount, 1), new AttributeChange.Set(N.InsertedAtDelivery, 1)]);
        desk.Clock.Advance(Week + TimeSpan.FromSeconds(1));
        return desk;
    }
}
