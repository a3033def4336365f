using DigestStore.Sqlite;
using DigestStore.Table;

namespace DigestStore.SqliteTests;

/// <summary>How a repository over a file ends.</summary>
public sealed class DisposalTests : IDisposable
{
    private readonly TemporaryFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task Closing_a_file_that_takes_its_time_blocks_no_thread_of_the_caller()
    {
        using var source = new SlowlyClosing(new SqliteTableSource(_file.Path));
        var repository = new DigestRepository(source, static () => new DigestStoreOptions());
        await repository.StoreAsync(TableRig.Date, [TableRig.Item(1)], cancellationToken: TestContext.Current.CancellationToken);

        // If this waited for the file to be closed, the test would never come to letting it be closed.
        ValueTask closing = repository.DisposeAsync();
        source.MayClose.Set();
        await closing;
        await source.Closed;

        Assert.Equal([_file.Path], Directory.GetFiles(_file.Folder));
    }

    private sealed class SlowlyClosing(SqliteTableSource source) : ITableSource
    {
        private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ManualResetEventSlim MayClose { get; } = new();

        public Task Closed => _closed.Task;

        public IDigestTable Open(DigestStoreOptions options) => source.Open(options);

        public void Dispose()
        {
            MayClose.Wait(TestContext.Current.CancellationToken);
            source.Dispose();
            _closed.TrySetResult();
        }
    }
}
