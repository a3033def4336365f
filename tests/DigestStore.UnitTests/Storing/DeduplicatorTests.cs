using DigestStore.Records;
using DigestStore.Storing;
using DigestStore.UnitTests.DeadLetters;

namespace DigestStore.UnitTests.Storing;

public sealed class DeduplicatorTests
{
    [Fact]
    public void Different_items_stay_in_their_order()
    {
        var deduplicator = new Deduplicator();

        Assert.All(Enumerable.Range(0, 5), index => Assert.False(deduplicator.Add(Some.Pending(index), out _)));
        Assert.Equal([0, 1, 2, 3, 4], deduplicator.Distinct.Select(static item => item.Index));
    }

    [Fact]
    public void The_last_copy_gives_the_content_and_the_first_the_place()
    {
        var deduplicator = new Deduplicator();
        deduplicator.Add(Some.Pending(0), out _);
        deduplicator.Add(Some.Pending(1), out _);
        string before = deduplicator.Distinct[0].Content.ContentHash;

        bool replaced = deduplicator.Add(Some.Pending(2, Some.Item(0) with { Title = "Second" }), out int? first);
        bool again = deduplicator.Add(Some.Pending(3, Some.Item(0) with { Url = "http://www.example.com/0/", Title = "A third, longer one" }), out int? second);

        Assert.True(replaced && again);
        Assert.Equal((0, 2), (first, second));
        PendingItem kept = deduplicator.Distinct[0];
        Assert.Equal(2, deduplicator.Distinct.Count);
        Assert.Equal((3, 0), (kept.Index, kept.FirstIndex));
        Assert.Equal("A third, longer one", kept.Content.Item.Title);
        Assert.Equal("http://www.example.com/0/", kept.Content.Item.Url);
        Assert.Equal(Some.Pending(3, kept.Content).Size, kept.Size);
        Assert.Equal(ContentHash.Of(kept.Content), kept.Content.ContentHash);
        Assert.NotEqual(before, kept.Content.ContentHash);
    }

    [Fact]
    public void Every_earlier_copy_can_take_its_place_back()
    {
        var deduplicator = new Deduplicator();
        foreach (string title in (string[])["first", "second", "third"])
        {
            PendingItem copy = Some.Pending(title.Length, Some.Item(0) with { Title = title });
            copy.Letter = new ReplayedLetter(Letters.Of(0) with { CorrelationId = title }, new ReplaceableRecords());
            deduplicator.Add(copy, out _);
        }

        PendingItem item = deduplicator.Distinct[0];
        var titles = new List<(int, string)>();
        do
        {
            titles.Add((item.Index, item.Content.Item.Title));
            Assert.Equal(Some.Pending(0, item.Content).Size, item.Size);
            Assert.Equal(item.Content.Item.Title, item.Letter!.Letter.CorrelationId);
        }
        while (item.FallBack());

        Assert.Equal([(5, "third"), (6, "second"), (5, "first")], titles);
    }
}
