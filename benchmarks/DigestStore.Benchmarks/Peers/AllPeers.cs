namespace DigestStore.Benchmarks.Peers;

/// <summary>Everything that is measured side by side, in the order of a round.</summary>
internal static class AllPeers
{
    public const string Ours = "DigestStore";
    public const string Context = "DynamoDBContext";
    public const string BareSdk = "bare SDK, same work";
    public const string BareSdkWithIdentity = "bare SDK, same work, identity and hash";
    public const string Raw = "raw HTTP, same work";

    public static IStorePeer[] ToStore(Uri url) =>
    [
        new DigestStorePeer(url),
        .. SameWork(url),
        new ContextPeer(url),
        new BatchPeer(url, 1),
        new BatchPeer(url, 8),
        new ReusedGraphPeer(url, 8),
        new PutItemPeer(url, 1),
        new PutItemPeer(url, 16),
    ];

    public static SameWorkPeer[] SameWork(Uri url) => [new SdkSameWork(url, makesIdentity: true), new SdkSameWork(url, makesIdentity: false), new RawSameWork(url)];

    // The last two read the days that DigestStore has stored.
    public static IReadPeer[] ToRead(Uri url) =>
    [
        new DigestStorePeer(url),
        new ContextPeer(url),
        new SdkQueryPeer(url, DigestStoreDefaults.DigestName),
        new RawReadPeer(url, DigestStoreDefaults.DigestName),
    ];
}
