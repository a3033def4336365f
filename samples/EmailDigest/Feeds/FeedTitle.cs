namespace EmailDigest.Feeds;

/// <summary>Titles that are not there: notes of micro blogs have none, so theirs is how their text begins.</summary>
internal static class FeedTitle
{
    private const int Length = 80;

    public static string OrFromText(string? title, string summary, int entry, FeedProblems problems)
    {
        if (!string.IsNullOrWhiteSpace(title))
        {
            return title;
        }

        problems.AddToEntry(entry, summary.Length > 0 ? "no title, so the text's beginning is used" : "no title and no text");
        return HtmlText.Clean(summary, Length);
    }
}
