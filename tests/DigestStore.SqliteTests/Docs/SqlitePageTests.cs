using System.Globalization;
using System.Text.RegularExpressions;
using DigestStore.Sqlite;
using DigestStore.TestSupport;
using Microsoft.Data.Sqlite;

namespace DigestStore.SqliteTests.Docs;

/// <summary>docs/sqlite.md: its queries are run on a file of a store, and its numbers are those of the code.</summary>
public sealed partial class SqlitePageTests : IAsyncLifetime
{
    private static readonly string Page = RepositoryFiles.TextOf("docs/sqlite.md");
    private readonly TemporaryFile _file = new();

    public static TheoryData<string> Queries => [.. Query().Matches(Page).Select(static match => match.Groups["sql"].Value)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var today = new DateOnly(2026, 11, 28);
        DigestItem[] items =
        [
            new() { Url = "https://example.com/1", Title = "In batches", Source = "Example Weekly" },
            new() { Url = "https://example.com/2", Title = "Reading pages", Source = "Example Weekly" },
        ];
        await using var repository = new SqliteDigestRepository(_file.Path);
        await repository.StoreAsync(today, items, cancellationToken: Token);
        await repository.DeliverAsync(today, items, static (_, _) => Task.FromResult(new DeliveryReceipt()), cancellationToken: Token);
    }

    public ValueTask DisposeAsync()
    {
        _file.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Every_query_of_the_page_finds_what_it_says(string sql)
    {
        List<object[]> rows = await ReadAsync(_file.Path, sql);

        Assert.NotEmpty(rows);
        Assert.All(rows, static row => Assert.All(row, static value => Assert.IsNotType<DBNull>(value)));
    }

    [Fact]
    public async Task The_first_query_shows_what_became_of_a_day_and_the_second_the_items_in_their_order()
    {
        string[] queries = [.. Queries.Select(static row => row.Data)];

        Assert.Equal([["2026-11-28", "delivered", "1"]], await ReadAsync(_file.Path, queries[0]));
        Assert.Equal(["In batches", "Reading pages"], (await ReadAsync(_file.Path, queries[1])).Select(static row => row[0]));
    }

    [Fact]
    public async Task The_back_up_of_the_page_is_a_whole_file_of_its_own_also_while_the_store_is_in_use()
    {
        string copy = Path.Combine(_file.Folder, "digests-2026-11-28.db");
        string sql = Assert.Single(BackUp().Matches(Page)).Groups["sql"].Value.Replace("digests-2026-11-28.db", copy, StringComparison.Ordinal);
        await using (var inUse = new SqliteDigestRepository(_file.Path))
        {
            await inUse.StoreAsync(new DateOnly(2026, 11, 27), [new DigestItem { Url = "https://example.com/3", Title = "Just before" }], cancellationToken: Token);
            await ReadAsync(_file.Path, sql);
        }

        Assert.Equal([["ok"]], await ReadAsync(copy, "PRAGMA integrity_check"));
        await using var restored = new SqliteDigestRepository(copy);
        Assert.Equal("Just before", Assert.Single(await restored.GetAsync(new DateOnly(2026, 11, 27), Token)).Item.Title);
    }

    [Fact]
    public async Task The_numbers_of_the_page_are_those_of_the_code()
    {
        object version = Assert.Single(Assert.Single(await ReadAsync(_file.Path, "PRAGMA user_version")));
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"`PRAGMA application_id` is {FileSchema.ApplicationId} "), Page, StringComparison.Ordinal);
        Assert.Contains($"the version of the tables in the file, now {version}.", Page, StringComparison.Ordinal);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"at most {Housekeeping.MaxRemoved} rows"), Page, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromDays(2), Housekeeping.Grace);
        Assert.Contains("Its row is removed two days later", Page, StringComparison.Ordinal);
    }

    private static async Task<List<object[]>> ReadAsync(string path, string sql)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        await connection.OpenAsync(Token);
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        await using SqliteDataReader reader = await command.ExecuteReaderAsync(Token);
        var rows = new List<object[]>();
        while (await reader.ReadAsync(Token))
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }

        return rows;
    }

    [GeneratedRegex(@"```sql\n(?<sql>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Query();

    [GeneratedRegex("sqlite3 digests.db \"(?<sql>VACUUM INTO [^\"]*)\"", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex BackUp();
}
