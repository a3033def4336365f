using System.Globalization;
using DigestStore.Identity;
using DigestStore.Records;
using DigestStore.Sqlite;
using DigestStore.Storing;
using DigestStore.Table;
using Microsoft.Data.Sqlite;

namespace DigestStore.SqliteTests;

// A table in a file of its own, and what tests do with it.
internal sealed class TableRig : IDisposable
{
    public const string Table = "digests";
    private readonly SqliteTableSource _source;

    public TableRig(TimeSpan? attemptTimeout = null, TimeProvider? time = null)
    {
        _source = new SqliteTableSource(File.Path, time);
        Port = _source.Open(new DigestStoreOptions { AttemptTimeout = attemptTimeout ?? TimeSpan.FromMinutes(1) });
    }

    public static DateOnly Date { get; } = new(2026, 11, 28);

    public static Partition Day { get; } = new(Table, "daily", Date);

    public TemporaryFile File { get; } = new();

    public IDigestTable Port { get; }

    public static Attempt Attempt => new(TestContext.Current.CancellationToken);

    public static RecordKey Key(int number) => new("SENT#daily", number.ToString("D5", CultureInfo.InvariantCulture));

    // Puts a record, also over one that is there.
    public static RecordUpdate Put(int number, string text = "text") => new(Table, Key(number)) { Changes = [new AttributeChange.Set("text", text)] };

    public static RecordUpdate Put(int number, int bytes) => new(Table, Key(number)) { Changes = [new AttributeChange.SetBytes("ids", new byte[bytes])] };

    // Puts a record that must not be there yet.
    public static RecordUpdate PutNew(int number) => Put(number) with { Condition = new RecordCondition.Absent("text") };

    public static WriteBatch Batch(params DigestItem[] items) => new(Day, [.. items.Select(WriteOf)], []);

    public static DigestItem Item(int number, string? summary = null) => new() { Url = $"https://example.com/{number}", Title = $"Item {number}", Summary = summary };

    public async Task<UpdateReply> UpdateAsync(RecordUpdate update) => await Port.UpdateAsync(update, Attempt);

    public async Task PutAllAsync(params int[] numbers)
    {
        foreach (int number in numbers)
        {
            Assert.Null((await UpdateAsync(Put(number))).Fault);
        }
    }

    // The numbers of the records that are there.
    public async Task<List<int>> NumbersAsync()
    {
        PageReply page = await Port.QueryAsync(new PageRequest(Table, "SENT#daily", Consistent: true), Attempt);
        Assert.Null(page.Fault);
        return [.. page.Records.Select(static record => int.Parse(record.Key.SortKey, CultureInfo.InvariantCulture))];
    }

    // Another program that has the file open.
    public SqliteConnection OpenElsewhere() => OpenElsewhere(File.Path);

    public static SqliteConnection OpenElsewhere(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 30 }.ToString());
        connection.Open();
        return connection;
    }

    // Closes the table, so that the file can be looked at or damaged.
    public void Close() => _source.Dispose();

    public void Dispose()
    {
        _source.Dispose();
        File.Dispose();
    }

    private static ItemWrite WriteOf(DigestItem item)
    {
        Assert.True(ItemValidator.TryValidate(item, IdentityRuleSet.Default, "daily", out CleanItem? clean, out _, out _));
        var now = new DateTimeOffset(2026, 11, 28, 6, 0, 0, TimeSpan.Zero);
        return new ItemWrite { Id = DigestItemId.FromCanonical(clean.CanonicalUrl), Content = clean, CreatedAt = now, UpdatedAt = now, Revision = 1, Ordinal = 0, ExpiresAt = null };
    }
}

internal static class SqliteConnectionExtensions
{
    public static void Execute(this SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static object? Read(this SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
