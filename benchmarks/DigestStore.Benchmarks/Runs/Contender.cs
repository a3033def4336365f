using DigestStore.Benchmarks.Peers;

namespace DigestStore.Benchmarks.Runs;

/// <summary>One of those that are measured in turn; <paramref name="Prepare"/> gives the next operation.</summary>
internal sealed record Contender(string Name, int SinglesAtOnce, Func<Task<Func<Task>>> Prepare)
{
    public static Contender ToStore(IStorePeer peer, PeerItem[] items, Dates dates) =>
        new(peer.Name, peer.SinglesAtOnce, () => Task.FromResult(peer.Prepare(dates.Next(), items)));

    // The same day once more: it is stored when the first operation is asked for.
    public static Contender ToStoreAgain(IStorePeer peer, PeerItem[] items, Dates dates)
    {
        Func<Task>? again = null;
        return new Contender(peer.Name, peer.SinglesAtOnce, async () =>
        {
            if (again is null)
            {
                again = peer.Prepare(dates.Next(), items);
                await again();
            }

            return again;
        });
    }

    public static Contender ToRead(IReadPeer peer, DateOnly date, int count) => new(peer.Name, 0, () => Task.FromResult<Func<Task>>(async () =>
    {
        int read = await peer.ReadAsync(date);
        if (read != count)
        {
            throw new InvalidOperationException($"{peer.Name} has read {read} items of {count}.");
        }
    }));
}
