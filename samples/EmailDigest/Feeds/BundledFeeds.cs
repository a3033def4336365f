using System.Reflection;

namespace EmailDigest.Feeds;

/// <summary>The feeds that come with the sample; invented, with the usual oddities on purpose.</summary>
internal static class BundledFeeds
{
    private const string Prefix = "bundled/";

    public static IReadOnlyList<Feed> Read() =>
    [
        .. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => FeedReader.Read(new FeedDocument("bundled: " + name[Prefix.Length..], Content(name)))),
    ];

    private static byte[] Content(string name)
    {
        using Stream resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var content = new MemoryStream();
        resource.CopyTo(content);
        return content.ToArray();
    }
}
