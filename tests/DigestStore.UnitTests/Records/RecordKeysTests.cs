using System.Text;
using DigestStore.Records;

namespace DigestStore.UnitTests.Records;

public sealed class RecordKeysTests
{
    [Fact]
    public void Keys_are_written_as_the_schema_says()
    {
        DigestItemId id = DigestItemId.Parse("0123456789abcdef0123456789abcdef");

        Assert.Equal("DIGEST#daily#2026-11-21", RecordKeys.Partition("daily", new DateOnly(2026, 11, 21)));
        Assert.Equal("DIGEST#x#0001-01-01", RecordKeys.Partition("x", DateOnly.MinValue));
        Assert.Equal("ITEM#0123456789abcdef0123456789abcdef", RecordKeys.Item(id));
        Assert.Equal("STATUS#daily#pending", RecordKeys.StatusIndex("daily", "pending"));
        Assert.True(string.CompareOrdinal(RecordKeys.Header, RecordKeys.ItemPrefix) < 0);
    }

    [Fact]
    public void The_longest_keys_are_within_the_limits_of_dynamodb()
    {
        Assert.True(Encoding.UTF8.GetByteCount(RecordKeys.Partition(new string('a', 64), DateOnly.MaxValue)) <= Schema.MaxPartitionKeyBytes);
        Assert.True(Encoding.UTF8.GetByteCount(RecordKeys.Item(default)) <= Schema.MaxSortKeyBytes);
    }

    [Fact]
    public void A_manifest_s_parts_lie_between_its_day_and_the_next()
    {
        var date = new DateOnly(2026, 11, 21);
        string[] parts = [RecordKeys.Manifest(date), RecordKeys.Manifest(date, 2), RecordKeys.Manifest(date, 17)];

        Assert.Equal("SENT#daily", RecordKeys.Sent("daily"));
        Assert.Equal(["2026-11-21", "2026-11-21#2", "2026-11-21#17"], parts);
        Assert.All(parts, part => Assert.True(
            string.CompareOrdinal(part, RecordKeys.AfterManifest(date)) < 0 && string.CompareOrdinal(part, RecordKeys.AfterManifest(date.AddDays(-1))) > 0));
        Assert.Equal(
            [(date, 1), (date, 2), (date, 17)],
            parts.Select(static part => RecordKeys.TryParseManifest(part, out DateOnly day, out int number) ? (day, number) : default));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("2026-11-2")]
    [InlineData("2026-13-01")]
    [InlineData("2026-11-21#")]
    [InlineData("2026-11-21#~")]
    [InlineData("2026-11-21#-1")]
    [InlineData("2026-11-21 2")]
    public void What_is_no_key_of_a_manifest_is_not_read_as_one(string? key) => Assert.False(RecordKeys.TryParseManifest(key, out _, out _));

    [Fact]
    public void An_item_key_is_read_back()
    {
        Assert.True(RecordKeys.TryParseItem(RecordKeys.Item(Some.Id(7)), out DigestItemId id));
        Assert.Equal(Some.Id(7), id);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("HEADER")]
    [InlineData("ITEM#")]
    [InlineData("item#0123456789abcdef0123456789abcdef")]
    [InlineData("ITEM#0123456789abcdef0123456789abcde")]
    [InlineData("ITEM#0123456789abcdef0123456789abcdef0")]
    [InlineData("ITEM#0123456789abcdef0123456789abcdeg")]
    [InlineData("ITEM#0123456789ABCDEF0123456789abcdef")]
    public void Any_other_key_is_no_items(string? sortKey) => Assert.False(RecordKeys.TryParseItem(sortKey, out _));

    [Theory]
    [InlineData("digests", "digests", true)]
    [InlineData("digests", "arn:aws:dynamodb:eu-central-1:000000000000:table/digests", true)]
    [InlineData("arn:aws:dynamodb:eu-central-1:000000000000:table/digests", "digests", true)]
    [InlineData("arn:aws:dynamodb:eu-central-1:000000000000:table/digests", "arn:aws:dynamodb:eu-west-1:000000000000:table/digests", false)]
    [InlineData("Digests", "digests", false)]
    [InlineData("other", "arn:aws:dynamodb:eu-central-1:000000000000:table/digests", false)]
    public void A_table_has_two_names(string name, string table, bool isSame) => Assert.Equal(isSame, RecordKeys.IsSameTable(name, table));
}
