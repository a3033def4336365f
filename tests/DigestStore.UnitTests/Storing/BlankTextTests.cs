using System.Globalization;
using System.Text;
using DigestStore.Identity;
using DigestStore.Storing;

namespace DigestStore.UnitTests.Storing;

public sealed class BlankTextTests
{
    public static TheoryData<string> Invisible =>
    [
        "\u200b", "\u200c\u200d", "\u3164", "\u115f\u1160", "\uffa0", "\u2800\u2800", "\u034f", "\u180e", "\u180b", "\u200e\u200f", "\u202a\u202b\u202c\u202d\u202e",
        "\u2060\u2061\u2062\u2063\u2064\u2065\u2066\u2069\u206f", "\ufeff", "\ufe0f", "\U000e0100", "\U000e0001\U000e0041\U000e007f", "\u00ad", "\u061c", "\u17b4\u17b5",
        "\0\u0001\u001b\u007f\u0085\u009f", "\ufff9\ufffb", "\ufff0", "\ufffe\uffff", "\ufdd0", "\U0001fffe", "\U0010ffff", "\U0001d159", "\U0001d173", "\U0001bca0", "\U00016fe4",
        "\U00013430", "\U00013441", " \t\u00a0\u2003\u3000\u2028\u200b",
    ];

    public static TheoryData<string> Visible =>
    [
        "a", ".", "-", "0", "\u200ba", "a\u3164", "\u4f60", "\u0e01", "\U0001f600", "\u2764\ufe0f", "\U0001f468\u200d\U0001f469", "\U0001f1e9\U0001f1ea", "1\ufe0f\u20e3",
        "\u0301", "\u20dd", "\u0600", "\u06dd", "\ue000", "\ufffd", "\ufffc", "\u2423", "\u25a0",
    ];

    [Theory]
    [MemberData(nameof(Invisible))]
    public void Nothing_but_white_space_and_invisible_characters_is_no_title(string title)
    {
        Assert.True(BlankText.Is(title));
        Assert.Equal(StoreProblemReason.TitleMissing, Some.Defect(Some.Item() with { Title = title }));
    }

    // An emoji alone, a combining mark alone and a character that no font has can be seen.
    [Theory]
    [MemberData(nameof(Visible))]
    public void One_character_that_can_be_seen_is_a_title(string title) => Assert.Null(Some.Defect(Some.Item() with { Title = title }));

    [Fact]
    public void Whatever_the_runtime_calls_white_space_or_a_control_is_blank() => Assert.All(
        Enumerable.Range(0, 0x10000).Where(static value => char.IsWhiteSpace((char)value) || char.IsControl((char)value)),
        static value => Assert.True(BlankText.IsBlank(value), $"U+{value:X4}"));

    // The exceptions are signs that are drawn around or before others, such as U+0600.
    [Fact]
    public void Whatever_the_runtime_calls_a_format_character_is_blank_unless_it_is_drawn()
    {
        int[] drawn = [0x600, 0x601, 0x602, 0x603, 0x604, 0x605, 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD];

        Assert.Equal(
            drawn,
            Enumerable.Range(0, 0x110000).Where(static value => Rune.IsValid(value) && Rune.GetUnicodeCategory(new Rune(value)) == UnicodeCategory.Format && !BlankText.IsBlank(value)));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused_as_such() =>
        Assert.Equal(StoreProblemReason.InvalidUnicode, Some.Defect(Some.Item() with { Title = "\u200b" + '\ud83d' }));

    [Fact]
    public async Task The_message_says_what_is_missing()
    {
        StoreResult result = await Some.Repository(new TableDouble()).StoreAsync(Some.Date, [Some.Item() with { Title = "\u200b\u3164" }]);

        StoreProblem problem = Assert.Single(result.Problems);
        Assert.Equal(StoreProblemReason.TitleMissing, problem.Reason);
        Assert.Equal(
            "The title is missing, or has nothing but white space and invisible characters. Give the item a title that can be seen, for example its URL's host.",
            problem.Message);
    }

    [Fact]
    public void Other_texts_may_be_invisible() =>
        Assert.True(ItemValidator.TryValidate(Some.Item() with { Summary = "\u200b", Tags = ["\u3164"] }, IdentityRuleSet.Default, "daily", out _, out _, out _));
}
