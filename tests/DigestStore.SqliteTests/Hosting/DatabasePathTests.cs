using DigestStore.Sqlite;

namespace DigestStore.SqliteTests.Hosting;

public sealed class DatabasePathTests : IDisposable
{
    private readonly TemporaryFile _file = new();

    public void Dispose() => _file.Dispose();

    [Theory]
    [InlineData("", "is '', which is blank. Give the path of a file, such as 'digests.db'.")]
    [InlineData(" \t", "is ' \t', which is blank. Give the path of a file, such as 'digests.db'.")]
    [InlineData(":memory:", "is ':memory:', which means a database in memory. Give the path of a file, or call AddInMemoryDigestStore of the package DigestStore.Testing.")]
    [InlineData("file:digests.db?mode=ro", "is 'file:digests.db?mode=ro', which is a URI. Give the path of a file, such as 'digests.db'.")]
    [InlineData("FILE:///digests.db", "is 'FILE:///digests.db', which is a URI. Give the path of a file, such as 'digests.db'.")]
    [InlineData("Data Source=digests.db", "is 'Data Source=digests.db', which is a connection string. Give the path of a file, such as 'digests.db'.")]
    [InlineData("filename = digests.db", "is 'filename = digests.db', which is a connection string. Give the path of a file, such as 'digests.db'.")]
    [InlineData("digests.db\0", "is 'digests.db\\0', which has a null character in it. Give the path of a file, such as 'digests.db'.")]
    [InlineData("data/", "is 'data/', which is a directory. Give the path of a file, such as 'digests.db'.")]
    public void What_is_no_path_of_a_file_is_refused_with_its_reason(string path, string reason)
    {
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => new SqliteDigestRepository(path));

        Assert.Equal("path", refusal.ParamName);
        Assert.StartsWith("The path of the database file " + reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_in_the_place_of_the_file_is_reported_by_the_call_and_stays_as_it_is()
    {
        await using var repository = new SqliteDigestRepository(_file.Folder);

        StoreResult result = await repository.StoreAsync(new DateOnly(2026, 11, 28), [new DigestItem { Url = "https://example.com/", Title = "A page" }], cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(StoreStatus.Failed, result.Status);
        Assert.Contains($"'{_file.Folder}'", result.Problems[0].Message, StringComparison.Ordinal);
        Assert.Contains("Check that it is a file", result.Problems[0].Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_file.Folder));
    }

    [Fact]
    public void No_path_at_all_is_refused() => Assert.Equal("path", Assert.Throws<ArgumentNullException>(static () => new SqliteDigestRepository(null!)).ParamName);

    [Fact]
    public void A_relative_path_counts_from_the_directory_that_was_current_then()
    {
        using var repository = new SqliteDigestRepository(Path.Combine("data", "digests.db"));

        Assert.Equal(Path.Combine(Environment.CurrentDirectory, "data", "digests.db"), repository.Path);
    }

    [Theory]
    [InlineData("a = b.db")]
    [InlineData("ünï ☃.db")]
    [InlineData("%41?mode=ro.db")]
    [InlineData("with 'quotes' \"and\" spaces.db")]
    public async Task Any_other_name_is_the_name_of_the_file(string name)
    {
        string path = Path.Combine(_file.Folder, name);
        await using (var repository = new SqliteDigestRepository(path))
        {
            await repository.StoreAsync(new DateOnly(2026, 11, 28), [new DigestItem { Url = "https://example.com/", Title = "A page" }], cancellationToken: TestContext.Current.CancellationToken);
        }

        Assert.Equal([path], Directory.GetFiles(_file.Folder));
    }

    [Fact]
    public void Invalid_options_are_refused_as_by_any_other_repository() =>
        Assert.Contains("BatchSize", Assert.Throws<ArgumentException>(() => new SqliteDigestRepository(_file.Path, new DigestStoreOptions { BatchSize = 26 })).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_file_is_touched_by_the_first_call_and_not_before_and_never_while_the_store_is_off()
    {
        var options = new DigestStoreOptions { Enabled = false };
        await using var repository = new SqliteDigestRepository(Path.Combine(_file.Folder, "new", "digests.db"), options);

        StoreResult result = await repository.StoreAsync(new DateOnly(2026, 11, 28), [new DigestItem { Url = "https://example.com/", Title = "A page" }], cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(1, result.Skipped);
        Assert.Empty(Directory.GetFileSystemEntries(_file.Folder));
    }
}
