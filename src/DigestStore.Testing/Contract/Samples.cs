using System.Globalization;
using System.Runtime.CompilerServices;

namespace DigestStore.Testing;

internal static class Samples
{
    public static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Url(int number) => "https://example.org/articles/" + Number(number);

    public static DigestItem Item(int number, string? title = null) => new()
    {
        Url = Url(number),
        Title = title ?? Title(number),
        Summary = "What article " + Number(number) + " is about",
        Source = "Example",
    };

    public static string Title(int number) => "Article " + Number(number);

    public static DigestItem[] Items(int count, int from = 0) => [.. Enumerable.Range(from, count).Select(number => Item(number))];

    public static IEnumerable<string> Titles(int count, int from = 0) => Enumerable.Range(from, count).Select(Title);

    public static DigestItem Page(string url, string title = "A page") => new() { Url = url, Title = title };

    public static DigestItem Full { get; } = new()
    {
        Url = "https://www.example.org/Blog//A%2Fb/?utm_source=mail&q=1#top",
        Title = " A title with spaces around and inside ",
        Summary = "Line one\r\nline two\ttabbed",
        Source = "The Example Times",
        Category = "Engineering",
        Author = "Ada Lovelace",
        PublishedAt = new DateTimeOffset(2100, 3, 3, 23, 59, 59, TimeSpan.FromHours(-5)).AddTicks(1234567),
        Tags = ["b", "a", "b", "with space"],
        Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["score"] = "42", ["a b"] = "c:d", ["Score"] = "another case" },
    };

    public static async IAsyncEnumerable<DigestItem> Stream(IEnumerable<DigestItem> items, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        int number = 0;
        foreach (DigestItem item in items)
        {
            if (number++ % 100 == 0)
            {
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
            }

            yield return item;
        }
    }
}
