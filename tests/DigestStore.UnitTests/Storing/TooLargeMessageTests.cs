using Amazon.DynamoDBv2.Model;
using DigestStore.Faults;
using DigestStore.Identity;
using DigestStore.Records;
using DigestStore.Storing;
using DigestStore.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace DigestStore.UnitTests.Storing;

public sealed class TooLargeMessageTests
{
    private const string Secret = "secret";

    public static TheoryData<string, DigestItem> Large => new()
    {
        { "Title (2,000,000 bytes)", Some.Item() with { Title = Text(2_000_000) } },
        { "Url (500,042 bytes)", Some.Item() with { Url = Some.Item().Url + new string(' ', 500_000) } },
        { "Summary (500,007 bytes)", Some.Item() with { Summary = Text(500_000) } },
        { "Source (500,006 bytes)", Some.Item() with { Source = Text(500_000) } },
        { "Category (500,008 bytes)", Some.Item() with { Category = Text(500_000) } },
        { "Author (500,006 bytes)", Some.Item() with { Author = Text(500_000) } },
        { "Tags (500,009 bytes)", Some.Item() with { Tags = [Text(250_000), Text(250_000)] } },
        { "Metadata (500,013 bytes)", Some.Item() with { Metadata = new Dictionary<string, string> { [Text(250_000)] = Text(249_996), ["a"] = "bcd" } } },
        { "Summary (300,007 bytes), Title (200,000 bytes)", Some.Item() with { Title = Text(200_000), Summary = Text(300_000), Author = Text(20_000) } },
        { "Title (450,000 bytes)", Some.Item() with { Title = string.Concat(Enumerable.Repeat("\u4f60", 150_000)) } },
    };

    [Theory]
    [MemberData(nameof(Large))]
    public async Task The_message_names_the_large_fields_their_sizes_and_the_rule(string fields, DigestItem item)
    {
        StoreResult result = await Some.Repository(new TableDouble()).StoreAsync(Some.Date, [Some.Item(1), item]);

        StoreProblem problem = Assert.Single(result.Problems);
        Assert.Equal((1, StoreProblemReason.ItemTooLarge), (problem.Index, problem.Reason));
        Assert.Matches("^The record would have [0-9,]+ bytes, and DynamoDB's limit is 409,600 \\(400 KB\\)\\. ", problem.Message);
        Assert.EndsWith($" Shorten what is large in it: {fields}.", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attributes_of_others_are_named_too()
    {
        var table = new TableDouble();
        await Some.Repository(table).StoreAsync(Some.Date, [Some.Item()]);
        table.Storage.With("digests", Some.Partition.Key, static records => records[RecordKeys.Item(Some.Id(0))]["note"] = new AttributeValue { S = Text(300_000) });

        StoreResult result = await Some.Repository(table).StoreAsync(Some.Date, [Some.Item() with { Summary = Text(200_000) }]);

        Assert.EndsWith(
            " Shorten what is large in it: the attributes that others have put into the stored record (300,004 bytes), Summary (200,007 bytes).",
            Assert.Single(result.Problems).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Too_many_elements_are_named_without_being_counted()
    {
        DigestItem endless = Some.Item() with { Tags = new string[Schema.MaxItemBytes + 1] };

        Assert.False(ItemValidator.TryValidate(endless, IdentityRuleSet.Default, "daily", out CleanItem? clean, out _, out StoreProblemReason defect));
        Assert.Equal((null, StoreProblemReason.ItemTooLarge), (clean, defect));
        Assert.Contains("more than 409,600 tags or entries of metadata", ProblemMessages.Of(defect), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_large_is_left_out() => Prop.ForAll(
        Generate.Item.ToArbitrary(),
        static item =>
        {
            CleanItem clean = Some.Clean(item);
            return ItemSize.Of(clean, "daily") - ItemSize.ByField(clean).Sum(static field => field.Bytes) is > 0 and < Schema.MaxItemBytes / 200;
        }).Check(Generate.Often);

    private static string Text(int bytes) => Secret.PadRight(bytes, 'x');
}
