using System.Text.Json;
using DigestStore.Benchmarks.Peers;
using Microsoft.Data.Sqlite;

namespace DigestStore.Benchmarks.Sqlite;

/// <summary>One prepared SELECT of a day that DigestStore has stored: the bytes of its records, or items made of them.</summary>
internal sealed class PlainReadPeer : IReadPeer
{
    public const string Decoded = "plain driver, decoded by hand with Utf8JsonReader";

    private readonly bool _isDecoded;
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _select;

    public PlainReadPeer(string path, bool isDecoded)
    {
        _isDecoded = isDecoded;
        _connection = PlainConnection.Open(path);
        _select = PlainConnection.Prepare(
            _connection,
            "SELECT body FROM records WHERE tbl = $tbl AND pk = $pk AND sk >= 'ITEM#'",
            ("$tbl", SqliteType.Text),
            ("$pk", SqliteType.Text));
        _select.Parameters[0].Value = DigestStoreDefaults.TableName;
    }

    public string Name => _isDecoded ? Decoded : "plain driver, bytes only";

    public Task SeedAsync(DateOnly date, PeerItem[] items) => Task.CompletedTask;

    public Task<int> ReadAsync(DateOnly date) => Task.FromResult(_isDecoded ? Read(date, body => Decode(body, date)).Count : Read(date, static body => body).Count);

    public void Dispose()
    {
        _select.Dispose();
        _connection.Dispose();
    }

    private List<T> Read<T>(DateOnly date, Func<byte[], T> make)
    {
        var made = new List<T>();
        _select.Parameters[1].Value = PeerItem.PartitionKey(DigestStoreDefaults.DigestName, date);
        using SqliteDataReader reader = _select.ExecuteReader();
        while (reader.Read())
        {
            made.Add(make(reader.GetFieldValue<byte[]>(0)));
        }

        return made;
    }

    private static StoredDigestItem Decode(byte[] body, DateOnly date)
    {
        var json = new Utf8JsonReader(body);
        json.Read();
        return RawRecord.Read(ref json, date) ?? throw new InvalidOperationException("A record has no URL.");
    }
}
