using DigestStore.Records;
using DigestStore.Sqlite;
using DigestStore.Table;

namespace DigestStore.SqliteTests;

public sealed class SqliteTableTests : IDisposable
{
    private static readonly DateOnly Date = new(2026, 11, 28);
    private readonly TemporaryFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task What_a_repository_stores_another_one_reads_after_it()
    {
        DigestItem[] items = [.. Enumerable.Range(1, 120).Select(static number => new DigestItem { Url = $"https://example.com/{number}", Title = $"Ünï ☃ 😀 {number}", Tags = ["a", "b"], Metadata = new Dictionary<string, string> { ["key"] = "value" } })];
        await using (DigestRepository first = CreateRepository())
        {
            StoreResult result = await first.StoreAsync(Date, items, cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal((StoreStatus.Stored, 120), (result.Status, result.Inserted));
        }

        await using DigestRepository second = CreateRepository();
        Digest digest = await second.GetAsync(Date, TestContext.Current.CancellationToken);
        StoreResult again = await second.StoreAsync(Date, items, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(items.Select(static item => (item.Url, item.Title)), digest.Select(static stored => (stored.Item.Url, stored.Item.Title)));
        Assert.Equal(120, again.Unchanged);
    }

    private DigestRepository CreateRepository() => new(new SqliteTableSource(_file.Path), static () => new DigestStoreOptions());
}
