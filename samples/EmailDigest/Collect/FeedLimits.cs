namespace EmailDigest.Collect;

/// <summary>What one feed may cost. All limits are here, and <c>--help</c> prints them.</summary>
internal static class FeedLimits
{
    public const int Redirects = 5;
    public const int Bytes = 8 * 1024 * 1024; // After decompression.
    public const int Depth = 100;
    public const int Nodes = 400_000; // Tags and texts of XML, of which the tree is made.
    public const int Entries = 10_000;
    public const int EntityText = 100_000; // Characters that the entities of a document's own may add.
    public const int Html = 32_768; // Characters of HTML for one summary, which shows the beginning only.

    public static readonly TimeSpan FetchTime = TimeSpan.FromSeconds(15);
    public static readonly TimeSpan ParseTime = TimeSpan.FromSeconds(10);

    public static string Words => string.Create(CultureInfo.InvariantCulture, $"""
        {Bytes / (1024 * 1024)} MB after decompression, {FetchTime.TotalSeconds} s to fetch it and {ParseTime.TotalSeconds} s to parse it, {Redirects} redirects, {Depth} levels of nesting,
        {Nodes:N0} tags and texts of XML, {Entries:N0} entries, {EntityText:N0} characters from entities of its own, and {Html:N0} characters of HTML in a summary
        """);
}

/// <summary>A feed is beyond one of the limits.</summary>
internal sealed class FeedLimitException(string message) : Exception(message)
{
    public static void Check(int count, int limit, string what) =>
        _ = count <= limit ? count : throw new FeedLimitException(string.Create(CultureInfo.InvariantCulture, $"more than {limit:N0} {what}"));
}
