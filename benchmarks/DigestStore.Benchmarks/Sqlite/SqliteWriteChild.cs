using System.Globalization;
using DigestStore.Benchmarks.Children;
using DigestStore.Benchmarks.Peers;
using DigestStore.Benchmarks.Runs;
using DigestStore.Sqlite;

namespace DigestStore.Benchmarks.Sqlite;

/// <summary>Stores a day whenever it is told one on its standard input, until that ends.</summary>
internal static class SqliteWriteChild
{
    public const string Verb = "sqlite-write-child";
    public const string Ours = "store";
    public const string Plain = "plain";

    public static readonly (string Client, string Name)[] Clients = [(Ours, StoreFile.Name), (Plain, PlainStorePeer.Together)];

    // Enough for the just-in-time compiler to have done most of its work.
    private const int WarmUpStores = 60;

    public static async Task<int> RunAsync(string[] args)
    {
        (string client, string file, int count) = (args[1], args[2], ChildProcess.Number(args[3]));
        PeerItem[] items = PeerItem.Make(count);
        string own = await StoreFile.CreateAsync($"{file}.{Environment.ProcessId}");
        using (Writer warm = Open(client, own))
        {
            var dates = new Dates();
            for (int store = 0; store < WarmUpStores; store++)
            {
                await warm.Store(dates.Next(), items);
            }
        }

        using Writer writer = Open(client, file);
        while (await Console.In.ReadLineAsync() is { } day)
        {
            ChildProcess.Say(await writer.Store(DateOnly.ParseExact(day, "O", CultureInfo.InvariantCulture), items));
        }

        return 0;
    }

    private static Writer Open(string client, string file)
    {
        if (client == Plain)
        {
            var plain = new PlainStorePeer(file, isTogether: true);
            return new Writer(plain, async (date, items) =>
            {
                await plain.Prepare(date, items)();
                return new WriteRecord(0, 0);
            });
        }

        var repository = new SqliteDigestRepository(file);
        return new Writer(repository, async (date, items) =>
        {
            StoreResult result = await repository.StoreAsync(date, items.Select(static item => item.Item));
            return new WriteRecord(result.Failed, result.Cost.Retries);
        });
    }

    private sealed record Writer(IDisposable Owned, Func<DateOnly, PeerItem[], Task<WriteRecord>> Store) : IDisposable
    {
        public void Dispose() => Owned.Dispose();
    }
}
