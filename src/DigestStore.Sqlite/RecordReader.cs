using System.Text;
using DigestStore.DynamoDb;
using DigestStore.LocalTable;
using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.Sqlite;

// Reads pages and single records on one connection.
internal static class RecordReader
{
    private const string SelectOne = "SELECT size, body FROM records WHERE tbl = ?1 AND pk = ?2 AND sk = ?3";

    // All of a page is in memory when this returns, and the statement is reset: a caller that takes its time keeps nothing in the file busy.
    public static PageReply Query(Database database, PageRequest request, CancellationToken cancellationToken)
    {
        var page = new LocalPage(request);
        Statement statement = Bound(database.Prepare(SqlOf(request)), request);
        try
        {
            while (!page.IsFull && statement.Step())
            {
                cancellationToken.ThrowIfCancellationRequested();
                Add(page, statement, request);
            }
        }
        finally
        {
            statement.Reset();
        }

        return page.ToReply();
    }

    public static LookupReply Lookup(Database database, LookupRequest request, CancellationToken cancellationToken)
    {
        var found = new List<StoredRecord>(request.Keys.Count);
        double units = 0;
        Statement statement = database.Prepare(SelectOne);
        statement.Bind(1, request.Table);
        for (int index = 0; index < request.Keys.Count; index++)
        {
            RecordKey key = request.Keys[index];
            cancellationToken.ThrowIfCancellationRequested();
            statement.Bind(2, key.PartitionKey);
            statement.Bind(3, key.SortKey);
            try
            {
                bool isThere = statement.Step();
                units += CapacityUnits.OfRead(isThere ? statement.Number(0) : 0, request.Consistent);
                if (isThere)
                {
                    found.Add(new StoredRecord(key, RecordRow.Read(statement.Bytes(1), key)));
                }
            }
            finally
            {
                statement.Reset();
            }
        }

        return new LookupReply { KeyCount = request.Keys.Count, Records = found, Units = units };
    }

    private static void Add(LocalPage page, Statement row, PageRequest request)
    {
        var key = new RecordKey(request.IsByStatus ? row.Text(3) : request.PartitionKey, row.Text(2));
        string? indexKey = request.IsByStatus ? row.Text(4) : null;
        int size = (int)row.Number(0);
        if (page.Day is null)
        {
            page.Add(key, indexKey, size, RecordRow.Read(row.Bytes(1), key));
            return;
        }

        page.Count(key, indexKey, size);
        if (!PageBody.TryAddRecord(row.Bytes(1), page.Day))
        {
            throw new DamagedRecordException(key);
        }
    }

    public static string SqlOf(PageRequest request)
    {
        (string partition, string sort, string order) = request.IsByStatus ? ("gsi1pk", "gsi1sk", "gsi1sk {0}, pk {0}, sk {0}") : ("pk", "sk", "sk {0}");
        var sql = new StringBuilder($"SELECT size, body, sk, pk, gsi1sk FROM records WHERE tbl = ?1 AND {partition} = ?2");
        if (request.From is not null)
        {
            sql.Append(" AND ").Append(sort).Append(" >= ?3");
        }

        if (request.To is not null)
        {
            sql.Append(" AND ").Append(sort).Append(" <= ?4");
        }

        if (request.After is not null)
        {
            char after = request.IsDescending ? '<' : '>';
            sql.Append(request.AfterRecord is null ? $" AND {sort} {after} ?5" : $" AND ({sort}, pk, sk) {after} (?5, ?6, ?7)");
        }

        return sql.Append(" ORDER BY ").Append(order.Replace("{0}", request.IsDescending ? "DESC" : "ASC", StringComparison.Ordinal)).ToString();
    }

    private static Statement Bound(Statement statement, PageRequest request)
    {
        statement.Bind(1, request.Table);
        statement.Bind(2, request.PartitionKey);
        BindIfSet(3, request.From);
        BindIfSet(4, request.To);
        BindIfSet(5, request.After);
        BindIfSet(6, request.After is null ? null : request.AfterRecord?.PartitionKey);
        BindIfSet(7, request.After is null ? null : request.AfterRecord?.SortKey);
        return statement;

        void BindIfSet(int index, string? text)
        {
            if (text is not null)
            {
                statement.Bind(index, text);
            }
        }
    }
}

// The body of a record is no record. Somebody has edited it, since SQLite would notice a damaged page.
internal sealed class DamagedRecordException(RecordKey key) : Exception($"The body of the record '{key.PartitionKey}', '{key.SortKey}' is no JSON of a record.");
