using Amazon.DynamoDBv2.Model;
using DigestStore.Records;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.UnitTests.Records;

public sealed class DeliveryRecordTests
{
    private static readonly RecordKey Key = new("DIGEST#daily#2026-11-28", RecordKeys.Header);

    [Fact]
    public void Every_attribute_of_the_delivery_is_read()
    {
        DeliveryRecord record = Read(
            (N.Status, "delivered"), (N.PreviousStatus, "sending"), (N.Attempts, 2), (N.Fence, 1_764_000_000_001), (N.LeaseToken, "token"), (N.LeaseOwner, "host"),
            (N.LeaseUntil, 1_764_000_300_250), (N.MessageId, "id"), (N.DeliveredAt, "2026-11-28T06:00:01.0000000Z"), (N.SentCount, 200), (N.Checkpoint, "page 3"),
            (N.FailedAt, "2026-11-28T05:00:00.0000000Z"), (N.LastError, "retry: 421"), (N.ResolveId, "r"), (N.Inserted, 210), (N.InsertedAtDelivery, 200), (N.ExpiresAt, 1_764_100_000));

        Assert.Equal(
            new DeliveryRecord
            {
                Status = DeliveryStatus.Delivered,
                PreviousStatus = DeliveryStatus.Sending,
                Attempts = 2,
                Fence = 1_764_000_000_001,
                LeaseToken = "token",
                LeaseOwner = "host",
                LeaseUntil = DateTimeOffset.FromUnixTimeMilliseconds(1_764_000_300_250),
                MessageId = "id",
                DeliveredAt = new DateTimeOffset(2026, 11, 28, 6, 0, 1, TimeSpan.Zero),
                SentCount = 200,
                Checkpoint = "page 3",
                FailedAt = new DateTimeOffset(2026, 11, 28, 5, 0, 0, TimeSpan.Zero),
                LastError = "retry: 421",
                ResolveId = "r",
                Inserted = 210,
                InsertedAtDelivery = 200,
                ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(1_764_100_000),
            },
            record);
    }

    [Fact]
    public void A_header_of_a_store_is_pending_and_an_unknown_status_is_unknown()
    {
        Assert.Equal(new DeliveryRecord { Status = DeliveryStatus.Pending }, Read((N.LastRunId, "run")));
        Assert.Null(Read((N.Status, "postponed")).Status);
    }

    [Fact]
    public void Values_that_other_programs_wrote_count_as_absent() =>
        Assert.Equal(
            new DeliveryRecord { Status = DeliveryStatus.Sending },
            Read((N.Status, "sending"), (N.Attempts, "two"), (N.Fence, "x"), (N.LeaseUntil, long.MaxValue), (N.DeliveredAt, "yesterday"), (N.SentCount, -1), (N.MessageId, 5)));

    [Fact]
    public void Every_status_is_read_as_it_is_written() =>
        Assert.All(Enum.GetValues<DeliveryStatus>(), static status => Assert.Equal(status, HeaderStatus.Parse(HeaderStatus.TextOf(status))));

    private static DeliveryRecord Read(params (string Name, object Value)[] attributes)
    {
        Dictionary<string, AttributeValue> record = attributes.ToDictionary(
            static attribute => attribute.Name,
            static attribute => attribute.Value is string text ? ItemMapper.Text(text) : ItemMapper.Number(Convert.ToInt64(attribute.Value, System.Globalization.CultureInfo.InvariantCulture)));
        return new StoredRecord(Key, record).ToDelivery();
    }
}
