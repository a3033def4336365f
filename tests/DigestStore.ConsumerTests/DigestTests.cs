using DigestStore;

namespace ConsumerTests;

public sealed class DigestTests
{
    [Fact]
    public void Items_are_in_the_order_of_ordinal_then_time_then_id()
    {
        StoredDigestItem[] ordered =
        [
            Some.Stored(Some.Link("a"), ordinal: 0, Some.Noon.AddHours(1), "ffffffffffffffffffffffffffffffff"),
            Some.Stored(Some.Link("b"), ordinal: 1, Some.Noon, "ffffffffffffffffffffffffffffffff"),
            Some.Stored(Some.Link("c"), ordinal: 1, Some.Noon.AddTicks(1), "00000000000000000000000000000001"),
            Some.Stored(Some.Link("d"), ordinal: 1, Some.Noon.AddTicks(1), "00000000000000000000000000000002"),
            Some.Stored(Some.Link("e"), ordinal: 1, Some.Noon.AddTicks(1), "80000000000000000000000000000000"),
            Some.Stored(Some.Link("f"), ordinal: 7, Some.Noon.AddHours(-1), "00000000000000000000000000000000"),
        ];

        var digest = new Digest(Some.Day, ordered.Reverse());

        Assert.Equal(ordered, digest);
        Assert.Equal(ordered[2], digest[2]);
        Assert.Equal(6, digest.Count);
        Assert.Equal(Some.Day, digest.Date);
        Assert.Equal(0, digest.Unreadable);
    }

    [Fact]
    public void An_array_handed_in_is_copied()
    {
        StoredDigestItem[] items = [Some.Stored(Some.Link("b"), ordinal: 1), Some.Stored(Some.Link("a"))];
        var digest = new Digest(Some.Day, items, unreadable: 2);
        items[0] = items[1];

        Assert.Equal(["a", "b"], digest.Select(stored => stored.Item.Title));
        Assert.Equal(2, digest.Unreadable);
    }

    [Fact]
    public void Missing_items_negative_counts_and_wrong_places_are_refused()
    {
        Assert.Throws<ArgumentNullException>(() => new Digest(Some.Day, null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Digest(Some.Day, [], unreadable: -1));
        Assert.Throws<IndexOutOfRangeException>(() => new Digest(Some.Day, [])[0]);
    }

    [Fact]
    public void A_stored_item_has_defaults_for_what_a_fake_leaves_out()
    {
        StoredDigestItem stored = Some.Stored(Some.Link());

        Assert.Equal((1, 0, null), (stored.Revision, stored.Ordinal, stored.ExpiresAt));
        Assert.Equal(stored, Some.Stored(Some.Link()));
        Assert.NotEqual(stored, stored with { Revision = 2 });
    }
}
