using System.Security.Cryptography;

namespace DigestStore.Benchmarks.Peers;

/// <summary>
/// What a store of DigestStore comes to on the wire, and no more: a strongly consistent Query of the day, a comparison, batches of 25, 8 at once, and one
/// update of the header. It knows new and unchanged items only, which are what is measured. Runs/SameWorkCheck.cs checks that it leaves the same table.
/// </summary>
internal abstract class SameWorkPeer(string name, string digest, bool makesIdentity = false) : IStorePeer
{
    private const int AtOnce = 8;
    private const int RunIdDigits = 32;

    public string Name => name;

    public string Digest => digest;

    public Func<Task> Prepare(DateOnly date, PeerItem[] items)
    {
        DigestItem[] inputs = [.. items.Select(item => item.Item)];
        return () => StoreAsync(date, makesIdentity ? PeerItem.Of(inputs) : items);
    }

    public abstract void Dispose();

    /// <summary>Adds the ids and the content hashes of a page, and returns the sort key to go on after.</summary>
    protected abstract Task<string?> ReadPageAsync(string pk, string? after, Dictionary<string, string> hashes);

    protected abstract Task WriteBatchAsync(string pk, string day, string now, PeerItem[] items, ReadOnlyMemory<int> ordinals);

    protected abstract Task UpdateHeaderAsync(string pk, HeaderUpdate update);

    private async Task StoreAsync(DateOnly date, PeerItem[] items)
    {
        string pk = PeerItem.PartitionKey(digest, date);
        string day = PeerItem.Date(date);
        string now = PeerItem.Instant(DateTimeOffset.UtcNow);
        var hashes = new Dictionary<string, string>(items.Length, StringComparer.Ordinal);
        string? after = null;
        do
        {
            after = await ReadPageAsync(pk, after, hashes);
        }
        while (after is not null);

        int[] missing = Missing(items, hashes);
        int next = -BatchPeer.BatchSize;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(AtOnce, (missing.Length + BatchPeer.BatchSize - 1) / BatchPeer.BatchSize)).Select(async _ =>
        {
            for (int from = Interlocked.Add(ref next, BatchPeer.BatchSize); from < missing.Length; from = Interlocked.Add(ref next, BatchPeer.BatchSize))
            {
                await WriteBatchAsync(pk, day, now, items, missing.AsMemory(from, Math.Min(BatchPeer.BatchSize, missing.Length - from)));
            }
        }));
        await UpdateHeaderAsync(pk, new HeaderUpdate(
            digest, day, now, RandomNumberGenerator.GetHexString(RunIdDigits, lowercase: true), missing.Length > 0 ? items.Length : 0, missing.Length));
    }

    private int[] Missing(PeerItem[] items, Dictionary<string, string> hashes)
    {
        var missing = new List<int>(items.Length - hashes.Count);
        for (int index = 0; index < items.Length; index++)
        {
            if (!hashes.TryGetValue(items[index].Id, out string? hash))
            {
                missing.Add(index);
            }
            else if (hash != items[index].ContentHash)
            {
                throw new NotSupportedException($"{Name} cannot write the changed item {items[index].Id}: only new and unchanged items are measured.");
            }
        }

        return [.. missing];
    }
}
