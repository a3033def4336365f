namespace DigestStore.Benchmarks.Peers;

/// <summary>Everything that is measured side by side, in the order of a round.</summary>
internal static class AllPeers
{
    public const string Ours = "DigestStore";
    public const string Context = "DynamoDBContext";

    public static IStorePeer[] ToStore(Uri url) =>
    [
        new DigestStorePeer(url),
        new PutItemPeer(url, 1),
        new PutItemPeer(url, 16),
        new ContextPeer(url),
        new BatchPeer(url, 1),
        new BatchPeer(url, 8),
        new ReusedGraphPeer(url, 8),
        new RawStorePeer(url, 8),
    ];

    // The last two read the days that DigestStore has stored.
    public static IReadPeer[] ToRead(Uri url) =>
    [
        new DigestStorePeer(url),
        new ContextPeer(url),
        new SdkQueryPeer(url, DigestStoreDefaults.DigestName),
        new RawReadPeer(url, DigestStoreDefaults.DigestName),
    ];
}
