namespace DigestStore.Benchmarks.Peers;

/// <summary>One way to read a day back.</summary>
internal interface IReadPeer : IDisposable
{
    string Name { get; }

    /// <summary>Stores a day in the form that it reads.</summary>
    Task SeedAsync(DateOnly date, PeerItem[] items);

    /// <summary>Returns how many items it has read.</summary>
    Task<int> ReadAsync(DateOnly date);
}
