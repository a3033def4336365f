using Amazon.DynamoDBv2.Model;
using DigestStore.LocalTable;
using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.Sqlite;

// Changes records inside the transaction that the write loop has begun.
internal sealed class RecordWriter(Database database)
{
    private const string SelectSize = "SELECT size FROM records WHERE tbl = ?1 AND pk = ?2 AND sk = ?3";
    private const string SelectBody = "SELECT body FROM records WHERE tbl = ?1 AND pk = ?2 AND sk = ?3";
    private const string Insert = "INSERT INTO records (tbl, pk, sk, body, size, expiresAt, gsi1pk, gsi1sk) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING";
    private const string Replace = "INSERT OR REPLACE INTO records (tbl, pk, sk, body, size, expiresAt, gsi1pk, gsi1sk) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    private const string Delete = "DELETE FROM records WHERE tbl = ?1 AND pk = ?2 AND sk = ?3";
    public const string DeleteExpired = "DELETE FROM records WHERE (tbl, pk, sk) IN (SELECT tbl, pk, sk FROM records WHERE expiresAt < ?1 ORDER BY expiresAt LIMIT ?2)";

    // The deletes are sort keys of the partition.
    public WriteReply Write(string table, RecordRow[] puts, string partition, string[] deletes)
    {
        double units = 0;
        foreach (RecordRow row in puts)
        {
            // Nearly every record is new, so it is looked for only if it turns out to be there.
            int before = 0;
            Store(Insert, table, row);
            if (database.Changes == 0)
            {
                before = SizeOf(table, row.Key);
                Store(Replace, table, row);
            }

            units += CapacityUnits.OfWrite(before, row.Size);
        }

        foreach (string sortKey in deletes)
        {
            var key = new RecordKey(partition, sortKey);
            units += CapacityUnits.OfWrite(SizeOf(table, key), 0);
            Keyed(Delete, table, key).Run();
        }

        return new WriteReply { Sent = puts.Length + deletes.Length, Units = units };
    }

    public UpdateReply Update(RecordUpdate update)
    {
        (UpdateReply reply, Dictionary<string, AttributeValue>? after) = LocalUpdate.Apply(update, Find(update.Table, update.Key));
        if (after is not null)
        {
            Store(Replace, update.Table, RecordRow.Of(after, AttributeSize.Of(after)));
        }

        return reply;
    }

    // Removes at most so many of the records that expired before this time, and says how many it removed.
    public int RemoveExpired(DateTimeOffset before, int limit)
    {
        Statement statement = database.Prepare(DeleteExpired);
        statement.Bind(1, before.ToUnixTimeSeconds());
        statement.Bind(2, limit);
        statement.Run();
        return database.Changes;
    }

    private void Store(string sql, string table, RecordRow row)
    {
        Statement statement = Keyed(sql, table, row.Key);
        statement.Bind(4, row.Body.Span);
        statement.Bind(5, row.Size);
        statement.Bind(6, row.ExpiresAt);
        statement.Bind(7, row.StatusPk);
        statement.Bind(8, row.StatusSk);
        statement.Run();
    }

    // 0 if there is no such record.
    private int SizeOf(string table, RecordKey key)
    {
        Statement statement = Keyed(SelectSize, table, key);
        try
        {
            return statement.Step() ? (int)statement.Number(0) : 0;
        }
        finally
        {
            statement.Reset();
        }
    }

    public Dictionary<string, AttributeValue>? Find(string table, RecordKey key)
    {
        Statement statement = Keyed(SelectBody, table, key);
        try
        {
            return statement.Step() ? RecordRow.Read(statement.Bytes(0), key) : null;
        }
        finally
        {
            statement.Reset();
        }
    }

    private Statement Keyed(string sql, string table, RecordKey key)
    {
        Statement statement = database.Prepare(sql);
        statement.Bind(1, table);
        statement.Bind(2, key.PartitionKey);
        statement.Bind(3, key.SortKey);
        return statement;
    }
}
