namespace EmailDigest.Feeds;

/// <summary>Makes a feed of bytes, whatever they are; nothing is thrown for bad content.</summary>
internal static class FeedReader
{
    public static Feed Read(FeedDocument document)
    {
        var problems = new FeedProblems();
        string text = FeedText.Decode(document.Content.Span, document.Charset, problems).TrimStart();
        if (text.Length == 0)
        {
            return Feed.Unreadable(document.Name, "the document is empty");
        }

        return text[0] switch
        {
            '<' => XmlFeedParser.Parse(document, text, problems),
            '{' or '[' => JsonFeedParser.Parse(document, text, problems),
            _ => Feed.Unreadable(document.Name, "neither XML nor JSON, so not a feed"),
        };
    }
}
