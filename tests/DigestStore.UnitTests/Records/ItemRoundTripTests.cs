using Amazon.DynamoDBv2.Model;
using DigestStore.Records;
using FsCheck;
using FsCheck.Fluent;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.UnitTests.Records;

public sealed class ItemRoundTripTests
{
    [Fact]
    public void An_item_comes_back_as_it_was_after_the_documented_cleaning() => Prop.ForAll(
        Generate.Item.ToArbitrary(),
        Gen.Choose(1, int.MaxValue).ToArbitrary(),
        static (item, number) =>
        {
            CleanItem clean = Some.Clean(item);
            ItemWrite write = Some.Write(clean, FixedClock.Start.AddSeconds(number), number, number - 1);
            ItemRecord record = ItemReader.Read(write.Id, Some.Date, ItemMapper.ToAttributes(write, Some.Partition));
            return record.IsReadable && record.ContentHash == write.Content.ContentHash && record.Unknown is null
                && record.Stored == new StoredDigestItem
                {
                    Id = write.Id,
                    Date = Some.Date,
                    Item = Generate.Cleaned(item),
                    CanonicalUrl = clean.CanonicalUrl,
                    CreatedAt = write.CreatedAt,
                    UpdatedAt = write.UpdatedAt,
                    Revision = number,
                    Ordinal = number - 1,
                    ExpiresAt = write.ExpiresAt,
                };
        }).Check(Generate.Often);

    [Fact]
    public void No_attribute_is_without_a_type_or_empty() => Prop.ForAll(
        Generate.Item.ToArbitrary(),
        static item => ItemMapper.ToAttributes(Some.Write(Some.Clean(item)), Some.Partition).Values.All(IsFilled)).Check(Generate.Often);

    [Fact]
    public void An_item_of_url_and_title_has_only_the_attributes_that_it_needs()
    {
        Dictionary<string, AttributeValue> attributes = ItemMapper.ToAttributes(Some.Write(Some.Clean(Some.Item())), Some.Partition);

        Assert.Equal(
            [N.CanonicalUrl, N.ContentHash, N.CreatedAt, N.Date, N.Id, N.Ordinal, N.Pk, N.Revision, N.Sk, N.Title, N.UpdatedAt, N.Url, N.Version],
            attributes.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_library_s_own_attributes_win_over_unknown_ones_of_the_same_name()
    {
        CleanItem clean = Some.Clean(Some.Item());
        var unknown = new UnknownAttributes(new() { [N.Title] = ItemMapper.Text("other"), ["note"] = ItemMapper.Text("kept") });

        Dictionary<string, AttributeValue> attributes = ItemMapper.ToAttributes(Some.Write(clean, unknown: unknown), Some.Partition);

        Assert.Equal("Item 0", attributes[N.Title].S);
        Assert.Equal("kept", attributes["note"].S);
    }

    private static bool IsFilled(AttributeValue value) =>
        !string.IsNullOrEmpty(value.S) || !string.IsNullOrEmpty(value.N) ||
        (value.IsLSet && value.L.Count > 0 && value.L.TrueForAll(IsFilled)) || (value.IsMSet && value.M.Count > 0 && value.M.Values.All(IsFilled));
}
