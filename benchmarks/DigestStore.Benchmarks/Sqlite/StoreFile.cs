using DigestStore.Benchmarks.Peers;
using Microsoft.Extensions.DependencyInjection;

namespace DigestStore.Benchmarks.Sqlite;

/// <summary>The table in a file, as the library makes it.</summary>
internal static class StoreFile
{
    public const string Name = "DigestStore, in a file";

    // Long, for the largest days on slow machines; it takes no time of its own.
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);

    private static readonly DateOnly Beginning = new(2000, 1, 1);

    public static DigestStorePeer Open(string path, string digest = DigestStoreDefaults.DigestName) =>
        new(Name, services => services.AddSqliteDigestStore(path, options => (options.DigestName, options.Deadline) = (digest, Deadline)));

    /// <summary>A file with the library's table and one item, so that others can write into it.</summary>
    public static async Task<string> CreateAsync(string path)
    {
        using DigestStorePeer peer = Open(path);
        await peer.StoreAsync(Beginning, SampleItems.Make(1));
        return path;
    }
}
