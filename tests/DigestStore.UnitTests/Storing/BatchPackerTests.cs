using DigestStore.Records;
using DigestStore.Storing;
using DigestStore.UnitTests.Records;
using FsCheck;
using FsCheck.Fluent;

namespace DigestStore.UnitTests.Storing;

public sealed class BatchPackerTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(25, 1)]
    [InlineData(26, 2)]
    [InlineData(200, 8)]
    public void Small_items_go_out_25_at_a_time(int items, int batches) =>
        Assert.Equal(batches, Pack(Enumerable.Range(0, items).Select(static index => Some.Pending(index)), 25, Schema.MaxRequestBytes).Count);

    [Fact]
    public void Every_item_is_in_one_batch_in_order_and_no_batch_is_over_a_limit() => Prop.ForAll(
        Gen.Choose(1, 500).ArrayOf().ToArbitrary(),
        Gen.Choose(1, 25).ToArbitrary(),
        Gen.Choose(1, 1_000).ToArbitrary(),
        static (sizes, maxItems, maxBytes) =>
        {
            List<PendingItem> items = [.. sizes.Select(static (size, index) => Sized(index, size))];
            List<List<PendingItem>> batches = Pack(items, maxItems, maxBytes);
            return batches.SelectMany(static batch => batch).SequenceEqual(items)
                && batches.TrueForAll(batch => batch.Count <= maxItems && (batch.Count == 1 || batch.Sum(static item => item.WireBytes) <= maxBytes))
                && batches.Zip(batches.Skip(1)).All(pair =>
                    pair.First.Count == maxItems || pair.First.Sum(static item => item.WireBytes) + pair.Second[0].WireBytes > maxBytes);
        }).Check(Generate.Often);

    [Fact]
    public void Items_full_of_emoji_are_split_by_their_size_on_the_wire()
    {
        string emoji = string.Concat(Enumerable.Repeat("\ud83d\ude00", 399 * 1024 / 4));
        List<PendingItem> items = [.. Enumerable.Range(0, 25).Select(index => Some.Pending(index, Some.Item(index) with { Summary = emoji }))];

        List<List<PendingItem>> batches = Pack(items, 25, Schema.MaxRequestBytes);

        Assert.True(batches.Count > 1);
        Assert.All(batches, static batch => Assert.InRange(WireSizeTests.JsonBytes([.. batch.Select(static item => item.Write!)]), 1, Schema.MaxRequestBytes));
    }

    [Fact]
    public void An_item_that_alone_is_over_the_limit_still_goes_out_alone() =>
        Assert.Equal([1, 1, 1], Pack([Sized(0, 5), Sized(1, 50), Sized(2, 5)], 25, 10).Select(static batch => batch.Count));

    private static PendingItem Sized(int index, int bytes)
    {
        PendingItem item = Some.Pending(index, Shared.Content);
        item.WireBytes = bytes;
        return item;
    }

    private static PendingItem Shared { get; } = Some.Pending(0);

    private static List<List<PendingItem>> Pack(IEnumerable<PendingItem> items, int maxItems, int maxBytes)
    {
        var left = new Queue<PendingItem>(items);
        var batches = new List<List<PendingItem>>();
        while (left.Count > 0)
        {
            batches.Add(BatchPacker.Take(left, maxItems, maxBytes));
        }

        return batches;
    }
}
