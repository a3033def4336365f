namespace DigestStore.Benchmarks.Peers;

/// <summary>The limit of reading: a bare HttpClient and a Utf8JsonReader that makes the items as it goes.</summary>
internal sealed class RawReadPeer(Uri url, string digest) : IReadPeer
{
    private readonly SignedHttp _http = new(url);

    public string Name => AllPeers.Raw;

    // Reads the day of another peer.
    public Task SeedAsync(DateOnly date, PeerItem[] items) => Task.CompletedTask;

    public async Task<int> ReadAsync(DateOnly date)
    {
        string pk = PeerItem.PartitionKey(digest, date);
        var items = new List<StoredDigestItem>();
        string? after = null;
        do
        {
            after = await RawQuery.SendAsync(_http, pk, after, (ref json) =>
            {
                if (RawRecord.Read(ref json, date) is { } item)
                {
                    items.Add(item);
                }
            });
        }
        while (after is not null);
        return items.Count;
    }

    public void Dispose() => _http.Dispose();
}
