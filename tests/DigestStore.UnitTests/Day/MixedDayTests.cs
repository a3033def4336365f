using DigestStore.Day;
using DigestStore.Identity;
using DigestStore.Records;

namespace DigestStore.UnitTests.Day;

// Several records that would have one id today: what a read shows and what a delete has to remove.
public sealed class MixedDayTests
{
    private static readonly DateTimeOffset Now = FixedClock.Start;
    private static readonly DigestItemId Page = Some.Id(0);
    private static readonly DigestItemId[] Ids = [.. Enumerable.Range(100, 30).Select(Some.Id).Order()];

    [Fact]
    public void A_record_is_found_under_the_id_that_its_url_has_today()
    {
        ItemRecord page = Record(7, Some.Item(0).Url);
        ItemRecord other = Record(8, Some.Item(1).Url);

        Dictionary<DigestItemId, ItemRecord> found = MixedDay.MatchByUrl([page, other], IdentityRuleSet.Default, Now);

        Assert.Equal(2, found.Count);
        Assert.Same(page, found[Page]);
        Assert.Same(other, found[Some.Id(1)]);
    }

    [Fact]
    public void A_record_whose_url_nobody_can_read_is_found_under_its_key()
    {
        var damaged = new ItemRecord { Id = Ids[5], State = RecordState.Damaged };
        ItemRecord refused = Record(6, "ftp://example.com/");

        Dictionary<DigestItemId, ItemRecord> found = MixedDay.MatchByUrl([damaged, refused], IdentityRuleSet.Default, Now);

        Assert.Same(damaged, found[Ids[5]]);
        Assert.Same(refused, found[Ids[6]]);
    }

    // Each counts before all that follow it.
    public static TheoryData<string> Ranks { get; } = ["live", "live, newer", "live, newer, larger id", "by its key", "expired"];

    [Theory]
    [MemberData(nameof(Ranks))]
    public void Of_several_records_of_a_page_the_one_that_counts_first_is_shown_wherever_it_stands(string rank)
    {
        ItemRecord[] day = [.. Ranks.Select(static row => row.Data).SkipWhile(other => other != rank).Select(Ranked)];

        Assert.Same(day[0], MixedDay.MatchByUrl(day, IdentityRuleSet.Default, Now)[Page]);
        Assert.Same(day[0], MixedDay.MatchByUrl(day.Reverse(), IdentityRuleSet.Default, Now)[Page]);
    }

    // A delete removes them all: otherwise the next one would be found.
    [Fact]
    public void All_records_of_a_page_are_found_in_their_order_and_those_of_no_other_page()
    {
        ItemRecord[] ofPage = [.. Ranks.Select(static row => Ranked(row.Data))];

        List<ItemRecord> found = MixedDay.Matching(Page, [Record(9, Some.Item(1).Url), .. ofPage.Reverse()], IdentityRuleSet.Default, Now);

        Assert.Equal(ofPage, found);
    }

    private static ItemRecord Ranked(string rank) => rank switch
    {
        "live" => Record(24, Some.Item(0).Url),
        "live, newer" => Record(21, Some.Item(0).Url, createdAt: Now.AddHours(1)),
        "live, newer, larger id" => Record(22, Some.Item(0).Url, createdAt: Now.AddHours(1)),
        "by its key" => Record(Page, "ftp://example.com/", createdAt: Now),
        "expired" => Record(23, Some.Item(0).Url, createdAt: Now.AddHours(-1), expiresAt: Now),
        _ => throw new ArgumentException("Not a rank of this test.", nameof(rank)),
    };

    // Its key is another page's, as after a change of the rules. The larger the number, the larger the id.
    private static ItemRecord Record(int number, string url, DateTimeOffset? createdAt = null, DateTimeOffset? expiresAt = null) =>
        Record(Ids[number], url, createdAt ?? Now, expiresAt);

    private static ItemRecord Record(DigestItemId id, string url, DateTimeOffset createdAt, DateTimeOffset? expiresAt = null) => new()
    {
        Id = id,
        State = RecordState.Readable,
        Stored = new StoredDigestItem
        {
            Id = id,
            Date = Some.Date,
            Item = new DigestItem { Url = url, Title = "Title" },
            CanonicalUrl = url,
            CreatedAt = createdAt,
            UpdatedAt = Now,
            ExpiresAt = expiresAt,
        },
    };
}
