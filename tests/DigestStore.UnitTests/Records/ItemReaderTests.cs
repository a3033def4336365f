using Amazon.DynamoDBv2.Model;
using DigestStore.Records;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.UnitTests.Records;

// Other hands write to the table too; whatever they leave there is read as far as it makes sense and never throws.
public sealed class ItemReaderTests
{
    [Theory]
    [InlineData(N.Url)]
    [InlineData(N.Title)]
    [InlineData(N.CreatedAt)]
    public void A_record_that_lacks_what_makes_an_item_is_damaged(string name)
    {
        Assert.Equal(RecordState.Damaged, Some.Read(Changed(name, null)).State);
        Assert.Equal(RecordState.Damaged, Some.Read(Changed(name, new AttributeValue { N = "1" })).State);
        Assert.Equal(RecordState.Damaged, Some.Read(Changed(name, new AttributeValue { BOOL = true })).State);
        Assert.Equal(RecordState.Damaged, Some.Read(Changed(name, new AttributeValue())).State);
    }

    [Theory]
    [InlineData("2")]
    [InlineData("2147483647")]
    [InlineData("99999999999999999999999999999999999999")]
    [InlineData("1.5")]
    [InlineData("1e400")]
    [InlineData("NaN")]
    public void A_record_of_a_newer_version_is_never_misread(string version)
    {
        ItemRecord record = Some.Read(Changed(N.Version, new AttributeValue { N = version }));

        Assert.Equal(RecordState.Newer, record.State);
        Assert.Null(record.Stored);
    }

    [Fact]
    public void A_version_that_is_no_number_is_a_newer_one() =>
        Assert.Equal(RecordState.Newer, Some.Read(Changed(N.Version, new AttributeValue { S = "1" })).State);

    [Fact]
    public void A_record_without_a_version_is_read() => Assert.Equal(RecordState.Readable, Some.Read(Changed(N.Version, null)).State);

    [Theory]
    [InlineData("NaN", 1, 0)]
    [InlineData("-5", 1, 0)]
    [InlineData("999999999999999999999999999999999999999", 1, 0)]
    [InlineData("1.5", 1, 0)]
    [InlineData("7", 7, 7)]
    public void A_number_that_makes_no_sense_is_the_least_one(string digits, int revision, int ordinal)
    {
        StoredDigestItem stored = Some.Read(Changed((N.Revision, new() { N = digits }), (N.Ordinal, new() { N = digits }))).Stored!;

        Assert.Equal((revision, ordinal), (stored.Revision, stored.Ordinal));
    }

    [Fact]
    public void Optional_attributes_of_another_type_are_absent()
    {
        var number = new AttributeValue { N = "1" };
        StoredDigestItem stored = Some.Read(Changed(
            (N.Summary, number), (N.Source, number), (N.Category, number), (N.Author, number), (N.PublishedAt, number), (N.Tags, number),
            (N.Metadata, number), (N.ExpiresAt, new() { S = "1" }), (N.CanonicalUrl, number), (N.UpdatedAt, number), (N.Revision, new() { S = "3" }))).Stored!;

        Assert.Equal(new DigestItem { Url = Some.Item().Url, Title = "Item 0" }, stored.Item);
        Assert.Null(stored.ExpiresAt);
        Assert.Equal(stored.Item.Url, stored.CanonicalUrl);
        Assert.Equal(stored.CreatedAt, stored.UpdatedAt);
        Assert.Equal(1, stored.Revision);
    }

    [Fact]
    public void Elements_of_another_type_are_left_out()
    {
        StoredDigestItem stored = Some.Read(Changed(
            (N.Tags, new() { L = [new() { S = "a" }, new() { N = "1" }, null!, new() { S = "b" }] }),
            (N.Metadata, new() { M = new() { ["a"] = new() { S = "1" }, ["b"] = new() { BOOL = true }, ["c"] = null! } }))).Stored!;

        Assert.Equal(["a", "b"], stored.Item.Tags);
        Assert.Equal(new Dictionary<string, string> { ["a"] = "1" }, stored.Item.Metadata);
    }

    [Fact]
    public void Attributes_of_others_are_kept_aside_with_their_size()
    {
        ItemRecord record = Some.Read(Changed(("note", new() { S = "abc" }), ("flag", new() { BOOL = true }), ("nothing", null!)));

        Assert.Equal(RecordState.Readable, record.State);
        Assert.Equal(["flag", "note"], record.Unknown!.Values.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(4 + 3 + 4 + 1, record.Unknown.Size);
    }

    [Fact]
    public void An_empty_record_is_damaged_and_nothing_throws() => Assert.Equal(RecordState.Damaged, Some.Read([]).State);

    [Fact]
    public void An_item_expires_at_its_second()
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(1_790_000_000);
        ItemRecord record = Some.Read(Changed(N.ExpiresAt, new AttributeValue { N = "1790000000" }));

        Assert.False(record.IsExpired(at.AddTicks(-1)));
        Assert.True(record.IsExpired(at));
        Assert.False(Some.Read(Changed(N.ExpiresAt, null)).IsExpired(DateTimeOffset.MaxValue));
    }

    private static Dictionary<string, AttributeValue> Changed(string name, AttributeValue? value) => Changed((name, value));

    private static Dictionary<string, AttributeValue> Changed(params (string Name, AttributeValue? Value)[] changes)
    {
        Dictionary<string, AttributeValue> attributes = ItemMapper.ToAttributes(Some.Write(Some.Clean(Some.Item())), Some.Partition);
        foreach ((string name, AttributeValue? value) in changes)
        {
            attributes.Remove(name);
            if (value is not null || name == "nothing")
            {
                attributes[name] = value!;
            }
        }

        return attributes;
    }
}
