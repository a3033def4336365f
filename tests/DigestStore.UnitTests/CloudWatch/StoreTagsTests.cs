using DigestStore.CloudWatch;
using DigestStore.Telemetry;
using DigestStore.TestSupport;

namespace DigestStore.UnitTests.CloudWatch;

public sealed class StoreTagsTests
{
    [Fact]
    public void Every_instrument_that_gets_zeros_is_one_of_the_store_s()
    {
        using var meters = new MeterRecorder();
        _ = new Instruments(meters);

        Assert.All(
            StoreTags.AlwaysCounted.Concat(StoreTags.CountedWithStores).Select(static instrument => instrument.Name).Concat([StoreTags.StoreItems, StoreTags.DeadLetters, StoreTags.DeliveryAttempts]),
            name => Assert.Contains(name, meters.Instruments.Keys));
    }
}
