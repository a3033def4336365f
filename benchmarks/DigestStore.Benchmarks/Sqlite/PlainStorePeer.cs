using DigestStore.Benchmarks.Peers;
using Microsoft.Data.Sqlite;

namespace DigestStore.Benchmarks.Sqlite;

/// <summary>One prepared INSERT, its rows made beforehand, nothing checked: all of them in one transaction, or each in its own.</summary>
internal sealed class PlainStorePeer : IStorePeer
{
    public const string Together = "plain driver, one transaction";
    public const string Single = "plain driver, one by one";

    private readonly bool _isTogether;
    private readonly string _digest;
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;

    public PlainStorePeer(string path, bool isTogether, string digest = DigestStoreDefaults.DigestName)
    {
        (_isTogether, _digest) = (isTogether, digest);
        _connection = PlainConnection.Open(path);
        _insert = PlainConnection.Prepare(
            _connection,
            "INSERT OR REPLACE INTO records (tbl, pk, sk, body, size) VALUES ($tbl, $pk, $sk, $body, $size)",
            ("$tbl", SqliteType.Text),
            ("$pk", SqliteType.Text),
            ("$sk", SqliteType.Text),
            ("$body", SqliteType.Blob),
            ("$size", SqliteType.Integer));
        _insert.Parameters[0].Value = DigestStoreDefaults.TableName;
    }

    public string Name => _isTogether ? Together : Single;

    public int SinglesAtOnce => _isTogether ? 0 : 1;

    public Func<Task> Prepare(DateOnly date, PeerItem[] items)
    {
        string pk = PeerItem.PartitionKey(_digest, date);
        string now = PeerItem.Instant(DateTimeOffset.UtcNow);
        (string Sk, byte[] Body)[] rows = [.. items.Select((item, index) => ("ITEM#" + item.Id, PlainConnection.Body(item, pk, date, now, index)))];
        return () =>
        {
            Insert(pk, rows);
            return Task.CompletedTask;
        };
    }

    public void Dispose()
    {
        _insert.Dispose();
        _connection.Dispose();
    }

    private void Insert(string pk, (string Sk, byte[] Body)[] rows)
    {
        using SqliteTransaction? transaction = _isTogether ? _connection.BeginTransaction() : null;
        _insert.Transaction = transaction;
        _insert.Parameters[1].Value = pk;
        foreach ((string sk, byte[] body) in rows)
        {
            _insert.Parameters[2].Value = sk;
            _insert.Parameters[3].Value = body;
            _insert.Parameters[4].Value = body.Length;
            _insert.ExecuteNonQuery();
        }

        transaction?.Commit();
    }
}
