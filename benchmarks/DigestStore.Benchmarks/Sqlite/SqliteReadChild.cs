using DigestStore.Benchmarks.Children;
using DigestStore.Benchmarks.Peers;
using DigestStore.Benchmarks.Streams;
using DigestStore.Sqlite;
using Microsoft.Data.Sqlite;

namespace DigestStore.Benchmarks.Sqlite;

/// <summary>Reads everything back as a stream, and says what it took.</summary>
internal static class SqliteReadChild
{
    public const string Verb = "sqlite-read-child";
    public const string Day = "day";
    public const string Days = "days";
    public const string Plain = "plain";
    public const string DigestOfDays = "days";

    public static readonly (string Client, string Name)[] Clients =
    [
        (Day, "`ReadAsync`, one day"),
        (Days, "`ReadDaysAsync`, many days"),
        (Plain, "plain driver, bytes only, one day"),
    ];

    public static readonly DateOnly Date = new(2010, 1, 1);

    public static async Task<int> RunAsync(string[] args)
    {
        long began = TimeProvider.System.GetTimestamp();
        int expected = ChildProcess.Number(args[3]);
        int read = args[1] switch
        {
            Day => await ReadDayAsync(args[2]),
            Days => await ReadDaysAsync(args[2]),
            _ => ReadPlain(args[2]),
        };
        if (read != expected)
        {
            throw new InvalidOperationException($"{args[1]} has read {read} items of {expected}.");
        }

        ChildProcess.Say(new StreamRecord(
            TimeProvider.System.GetElapsedTime(began).TotalSeconds, Environment.CpuUsage.TotalTime.TotalSeconds, ProcessMemory.PeakBytes(), GC.GetTotalAllocatedBytes()));
        return 0;
    }

    private static async Task<int> ReadDayAsync(string file)
    {
        using var repository = new SqliteDigestRepository(file);
        int read = 0;
        await foreach (StoredDigestItem _ in repository.ReadAsync(Date))
        {
            read++;
        }

        return read;
    }

    private static async Task<int> ReadDaysAsync(string file)
    {
        using var repository = new SqliteDigestRepository(file, new DigestStoreOptions { DigestName = DigestOfDays });
        int read = 0;
        await foreach (Digest digest in repository.ReadDaysAsync(Date, Date.AddYears(10).AddDays(-1)))
        {
            read += digest.Count;
        }

        return read;
    }

    private static int ReadPlain(string file)
    {
        using SqliteConnection connection = PlainConnection.Open(file);
        using SqliteCommand select = PlainConnection.Prepare(connection, "SELECT body FROM records WHERE tbl = $tbl AND pk = $pk AND sk >= 'ITEM#'", ("$tbl", SqliteType.Text), ("$pk", SqliteType.Text));
        select.Parameters[0].Value = DigestStoreDefaults.TableName;
        select.Parameters[1].Value = PeerItem.PartitionKey(DigestStoreDefaults.DigestName, Date);
        using SqliteDataReader reader = select.ExecuteReader();
        int read = 0;
        while (reader.Read())
        {
            read += reader.GetFieldValue<byte[]>(0).Length > 0 ? 1 : 0;
        }

        return read;
    }
}
