namespace EmailDigest.Collect;

/// <summary>A feed as it was read: what it is, what it holds and what was wrong with it.</summary>
/// <param name="Name">What the user called it: a path, an address or a bundled file's name.</param>
/// <param name="Format">For example <c>RSS 2.0</c>; <c>-</c> when it is not a feed.</param>
/// <param name="Items">One per entry, invalid ones too: the store judges them.</param>
/// <param name="Problems">In words, most with a count.</param>
/// <param name="IsPartial">Whether entries are missing: they could not be read, or are beyond a limit.</param>
internal sealed record Feed(string Name, string Format, IReadOnlyList<DigestItem> Items, IReadOnlyList<string> Problems, bool IsPartial)
{
    public const string NoFormat = "-";
    public static Feed Unreadable(string name, string problem) => new(name, NoFormat, [], [problem], IsPartial: true);

    /// <summary>Makes a feed of bytes.</summary>
    public static Feed Read(FeedDocument document)
    {
        var problems = new FeedProblems();
        string text = FeedText.Decode(document.Content.Span, document.Charset, problems).TrimStart();
        return text switch
        {
            "" => Unreadable(document.Name, "the document is empty"),
            ['<', ..] => XmlFeed.Read(document, text, problems),
            ['{' or '[', ..] => JsonFeed.Read(document, text, problems),
            _ => Unreadable(document.Name, "neither XML nor JSON, so not a feed"),
        };
    }
}

/// <summary>The bytes of a feed.</summary>
/// <param name="Name">What the user called it.</param>
/// <param name="Content">The bytes, decompressed.</param>
/// <param name="Address">Where they came from.</param>
/// <param name="Charset">What the server said about the encoding.</param>
internal sealed record FeedDocument(string Name, ReadOnlyMemory<byte> Content, Uri? Address = null, string? Charset = null);
