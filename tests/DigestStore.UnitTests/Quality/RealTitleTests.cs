using System.Text.Json;
using DigestStore.Quality;
using DigestStore.TestSupport;

namespace DigestStore.UnitTests.Quality;

// Titles of real newsletters, feeds and lists of books. The counts were read by eye: of all that is found, one title is only about markup
// ("Move line numbers into the `<code>` directly"), and two names in capitals are no shouting.
public sealed class RealTitleTests
{
    [Theory]
    [InlineData("twir_items.jsonl", 29_914, 0, 2)]
    [InlineData("feed_items.jsonl", 549, 0, 26)]
    [InlineData("free_programming_books.jsonl", 3_657, 2, 349)]
    public void Markup_and_shouting_are_found_and_code_is_left_alone(string fileName, int items, int shouted, int markedUp)
    {
        string[] titles = Titles(fileName);

        Assert.Equal(
            (items, shouted, markedUp),
            (titles.Length, titles.Count(static title => TitleText.IsShouted(title)), titles.Count(static title => TitleMarkup.IsIn(title))));
    }

    private static string[] Titles(string fileName)
    {
        string? path = RealData.Find(fileName);
        Assert.SkipWhen(path is null, RealData.Missing(fileName));
        List<string> titles = [];
        foreach (string line in File.ReadLines(path))
        {
            using var item = JsonDocument.Parse(line);
            titles.Add(item.RootElement.TryGetProperty("title", out JsonElement title) ? title.GetString() ?? "" : "");
        }

        return [.. titles];
    }
}
