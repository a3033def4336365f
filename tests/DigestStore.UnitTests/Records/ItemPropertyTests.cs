using System.Reflection;
using Amazon.DynamoDBv2.Model;
using DigestStore.Records;

namespace DigestStore.UnitTests.Records;

// Takes every property of an item, so that one that is new fails here wherever it was forgotten.
public sealed class ItemPropertyTests
{
    private const int Long = 150_000;

    public static TheoryData<string> All => [.. typeof(DigestItem).GetProperties().Select(static property => property.Name)];

    public static TheoryData<string> WithText => [.. All.Select(static row => row.Data).Except([nameof(DigestItem.Url), nameof(DigestItem.PublishedAt)])];

    [Theory]
    [MemberData(nameof(All))]
    public void A_property_is_compared_hashed_written_and_read_again(string name)
    {
        DigestItem item = With(name, "text");
        ItemWrite write = Some.Write(Some.Clean(item));

        ItemRecord record = ItemReader.Read(write.Id, Some.Date, ItemMapper.ToAttributes(write, Some.Partition));

        Assert.NotEqual(Some.Item(), item);
        Assert.NotEqual(Some.Clean(Some.Item()).ContentHash, write.Content.ContentHash);
        Assert.Equal(item, record.Stored!.Item);
        Assert.Null(record.Unknown);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_property_is_counted_as_large_as_it_is_written(string name)
    {
        (int counted, int written) before = Sizes(Some.Item());
        (int counted, int written) after = Sizes(With(name, new string('x', 500)));

        Assert.Equal(after.written - before.written, after.counted - before.counted);
    }

    [Theory]
    [MemberData(nameof(WithText))]
    public void A_text_is_checked_named_when_it_is_too_large_and_counted_as_it_is_sent(string name)
    {
        CleanItem clean = Some.Clean(With(name, new string('"', Long)));

        Assert.Equal(StoreProblemReason.InvalidUnicode, Some.Defect(With(name, "\ud800")));
        Assert.InRange(ItemSize.ByField(clean).Single(field => field.Field == name).Bytes, Long, Long + 20);
        Assert.True(WireSize.Of(clean, ItemSize.Of(clean, "daily"), null) >= Long * "\\u0022".Length);
    }

    [Fact]
    public void The_attribute_of_a_text_is_read_into_the_field_of_its_property() => Assert.All(OptionalText.All, static text =>
    {
        Assert.Equal(text.Field, ItemFields.Of(text.Attribute));
        Assert.Equal("text", text.Of(With(text.Field.ToString(), "text")));
    });

    private static (int Counted, int Written) Sizes(DigestItem item)
    {
        CleanItem clean = Some.Clean(item);
        return (ItemSize.Of(clean, "daily"), AttributeSize.Of(ItemMapper.ToAttributes(Some.Write(clean), Some.Partition)));
    }

    private static DigestItem With(string name, string text)
    {
        DigestItem item = Some.Item() with { };
        PropertyInfo property = typeof(DigestItem).GetProperty(name)!;
        property.SetValue(item, Value(property, text));
        return item;
    }

    private static object Value(PropertyInfo property, string text)
    {
        Type type = property.PropertyType;
        return type == typeof(string) ? property.Name == nameof(DigestItem.Url) ? $"https://example.com/{text}" : text
            : type == typeof(DateTimeOffset?) ? FixedClock.Start
            : type == typeof(IReadOnlyList<string>) ? new[] { text }
            : type == typeof(IReadOnlyDictionary<string, string>) ? new Dictionary<string, string> { ["a"] = text }
            : throw new NotSupportedException($"{property.Name} has the type {type}. Say here which value of it a test can use.");
    }
}
