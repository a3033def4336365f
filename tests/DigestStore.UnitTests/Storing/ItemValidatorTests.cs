using System.Collections;
using Amazon.DynamoDBv2.Model;
using DigestStore.Identity;
using DigestStore.Records;
using DigestStore.Storing;
using FsCheck;
using FsCheck.Fluent;

namespace DigestStore.UnitTests.Storing;

public sealed class ItemValidatorTests
{
    private const string Lone = "\ud83d";

    [Theory]
    [InlineData(null, StoreProblemReason.UrlMissing)]
    [InlineData("", StoreProblemReason.UrlMissing)]
    [InlineData("/a", StoreProblemReason.UrlNotAbsolute)]
    [InlineData("ftp://example.com/", StoreProblemReason.UrlSchemeNotAllowed)]
    [InlineData("https://user@example.com/", StoreProblemReason.UrlHasUserInfo)]
    [InlineData("https://exa mple.com/", StoreProblemReason.UrlMalformed)]
    public void An_item_with_an_unusable_url_is_refused_for_the_urls_reason(string? url, StoreProblemReason reason) =>
        Assert.Equal(reason, Some.Defect(new DigestItem { Url = url!, Title = "T" }));

    [Fact]
    public void A_url_over_the_limit_is_refused() =>
        Assert.Equal(StoreProblemReason.UrlTooLong, Some.Defect(Some.Item() with { Url = "https://example.com/".PadRight(2_049, 'a') }));

    [Fact]
    public void A_null_element_is_refused() => Assert.Equal(StoreProblemReason.ItemMissing, Some.Defect(null));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t\r\n\u00a0\u2003")]
    public void A_blank_title_is_refused(string? title) => Assert.Equal(StoreProblemReason.TitleMissing, Some.Defect(Some.Item() with { Title = title! }));

    // Not a theory: an attribute would store the halves as U+FFFD.
    [Fact]
    public void Half_a_surrogate_pair_is_refused_in_every_text() => Assert.All(
        new DigestItem[]
        {
            Some.Item() with { Url = "https://example.com/" + Lone },
            Some.Item() with { Title = "T" + Lone },
            Some.Item() with { Title = "\ude00" + Lone },
            Some.Item() with { Summary = "a" + Lone + "b" },
            Some.Item() with { Source = "\ude00" },
            Some.Item() with { Category = Lone + "\ud83d\ude00" },
            Some.Item() with { Author = "\ud83d\ude00" + Lone },
            Some.Item() with { Tags = ["ok", Lone] },
            Some.Item() with { Metadata = new Dictionary<string, string> { [Lone] = "v" } },
            Some.Item() with { Metadata = new Dictionary<string, string> { ["k"] = Lone } },
            Some.Item() with { Metadata = new Dictionary<string, string> { [Lone] = "" } },
        },
        static item => Assert.Equal(StoreProblemReason.InvalidUnicode, Some.Defect(item)));

    [Fact]
    public void Whole_surrogate_pairs_are_taken() =>
        Assert.Null(Some.Defect(Some.Item() with { Title = "\ud83d\ude00", Summary = "a\ud83d\ude00b\ud83d\ude00", Tags = ["\ud83d\ude00"] }));

    [Fact]
    public void Null_and_empty_parts_are_cleaned_away()
    {
        CleanItem clean = Some.Clean(Some.Item() with
        {
            Summary = "",
            Author = "",
            Tags = ["b", "", null!, "a", "b"],
            Metadata = new Dictionary<string, string> { ["z"] = "1", [""] = "2", ["y"] = "", ["x"] = null!, ["A"] = "3" },
        });

        Assert.All(OptionalText.All, text => Assert.Null(text.Of(clean.Item)));
        Assert.Equal(["b", "a", "b"], clean.Tags);
        Assert.Equal(["A", "z"], clean.Metadata.Select(static entry => entry.Key));
    }

    [Fact]
    public void Missing_collections_are_empty() => Assert.Null(Some.Defect(Some.Item() with { Tags = null!, Metadata = null! }));

    [Fact]
    public void Collections_that_throw_make_the_item_unreadable()
    {
        Assert.Equal(StoreProblemReason.ItemUnreadable, Some.Defect(Some.Item() with { Tags = new Hostile(count: 3, failsAt: 1) }));
        Assert.Equal(StoreProblemReason.ItemUnreadable, Some.Defect(Some.Item() with { Tags = new Hostile(count: -1, failsAt: 0) }));
        Assert.Equal(StoreProblemReason.ItemUnreadable, Some.Defect(Some.Item() with { Metadata = new Hostile(count: 3, failsAt: 1) }));
        Assert.Equal(StoreProblemReason.ItemUnreadable, Some.Defect(Some.Item() with { Metadata = new Hostile(count: -1, failsAt: 0) }));
    }

    [Fact]
    public void Collections_without_an_end_are_too_large()
    {
        Assert.Equal(StoreProblemReason.ItemTooLarge, Some.Defect(Some.Item() with { Tags = new Hostile(int.MaxValue, int.MaxValue) }));
        Assert.Equal(StoreProblemReason.ItemTooLarge, Some.Defect(Some.Item() with { Metadata = new Hostile(int.MaxValue, int.MaxValue) }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\u00e9")]
    [InlineData("\ud83d\ude00")]
    public void An_item_of_exactly_400_KB_is_taken_and_one_byte_more_is_refused(string start)
    {
        DigestItem item = Some.Item() with { Summary = start };
        int room = Schema.MaxItemBytes - ItemSize.Of(Some.Clean(item with { Summary = start + "x" }), "daily") + 1;

        Assert.Null(Some.Defect(item with { Summary = start + new string('x', room) }));
        Assert.Equal(StoreProblemReason.ItemTooLarge, Some.Defect(item with { Summary = start + new string('x', room + 1) }));
    }

    [Fact]
    public void A_longer_digest_name_leaves_less_room()
    {
        DigestItem item = Some.Item() with { Summary = "x" };
        item = item with { Summary = new string('x', Schema.MaxItemBytes - ItemSize.Of(Some.Clean(item), "daily") + 1) };

        Assert.True(ItemValidator.TryValidate(item, IdentityRuleSet.Default, "daily", out _, out int size, out _));
        Assert.Equal(Schema.MaxItemBytes, size);
        Assert.False(ItemValidator.TryValidate(item, IdentityRuleSet.Default, "daily2", out _, out _, out StoreProblemReason defect));
        Assert.Equal(StoreProblemReason.ItemTooLarge, defect);
    }

    [Fact]
    public void The_example_of_the_dynamodb_documentation_has_23_bytes() => Assert.Equal(
        23,
        AttributeSize.Of(new Dictionary<string, AttributeValue> { ["shirt-color"] = new() { S = "R" }, ["shirt-size"] = new() { S = "M" } }));

    [Fact]
    public void The_size_known_beforehand_is_never_below_the_records_and_close_to_it() => Prop.ForAll(
        Generate.Item.ToArbitrary(),
        Gen.Elements(1, 9, 1_000, int.MaxValue).ToArbitrary(),
        Gen.Elements<DateTimeOffset?>(null, DateTimeOffset.MaxValue, FixedClock.Start).ToArbitrary(),
        static (item, number, expiresAt) =>
        {
            CleanItem clean = Some.Clean(item);
            int ahead = ItemSize.Of(clean, "daily");
            int real = AttributeSize.Of(ItemMapper.ToAttributes(Some.Write(clean, expiresAt, number, number), Some.Partition));
            return ahead >= real && ahead - real <= 40;
        }).Check(Generate.Often);

    [Fact]
    public void Any_generated_item_is_valid() => Prop.ForAll(Generate.Item.ToArbitrary(), static item => Some.Defect(item) is null).Check(Generate.Often);

    // Lies about its length, throws at an element, or never ends.
    private sealed class Hostile(int count, int failsAt) : IReadOnlyList<string>, IReadOnlyDictionary<string, string>
    {
        public int Count => count >= 0 ? count : throw new InvalidOperationException("count");

        public IEnumerable<string> Keys => throw new InvalidOperationException("keys");

        public IEnumerable<string> Values => throw new InvalidOperationException("values");

        public string this[int index] => index >= failsAt ? throw new InvalidOperationException("element") : "x";

        public string this[string key] => throw new KeyNotFoundException();

        public bool ContainsKey(string key) => throw new InvalidOperationException("contains");

        public bool TryGetValue(string key, out string value) => throw new InvalidOperationException("try");

        public IEnumerator<KeyValuePair<string, string>> GetEnumerator()
        {
            for (int index = 0; ; index++)
            {
                yield return new("x", this[index]);
            }
        }

        IEnumerator<string> IEnumerable<string>.GetEnumerator() => throw new InvalidOperationException("strings");

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
