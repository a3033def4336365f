namespace DigestStore.Benchmarks.Peers;

/// <summary>One way to store a day.</summary>
internal interface IStorePeer : IDisposable
{
    string Name { get; }

    /// <summary>How many requests of one item each it has under way at once; 0 for a peer that sends batches.</summary>
    int SinglesAtOnce => 0;

    /// <summary>Does what need not be measured, and returns what must.</summary>
    Func<Task> Prepare(DateOnly date, PeerItem[] items);
}
