using DigestStore.Sqlite;
using DigestStore.Table;

namespace DigestStore.SqliteTests;

/// <summary>What a repository says about a file that cannot be used.</summary>
public sealed class FileFaultTests : IDisposable
{
    private readonly TemporaryFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task A_file_that_was_removed_while_it_was_open_is_noticed_and_made_anew()
    {
        using var rig = new TableRig();
        await rig.PutAllAsync(1);
        File.Delete(rig.File.Path);

        UpdateReply noticed = await rig.UpdateAsync(TableRig.Put(2));
        UpdateReply retried = await rig.UpdateAsync(TableRig.Put(2));

        Assert.Equal((FaultKind.Unavailable, true, true), (noticed.Fault!.Kind, noticed.Fault.NotSent, noticed.Fault.IsTransient));
        Assert.Contains($"'{rig.File.Path}' was removed or renamed", noticed.Fault.Remedy, StringComparison.Ordinal);
        Assert.Null(retried.Fault);
        Assert.Equal([2], await rig.NumbersAsync());
    }

    [Fact]
    public async Task A_reader_that_finds_the_file_removed_reads_what_is_stored_from_then_on()
    {
        using var rig = new TableRig();
        await rig.PutAllAsync(1);
        Assert.Equal([1], await rig.NumbersAsync());
        File.Delete(rig.File.Path);

        Assert.Empty(await rig.NumbersAsync());
        await rig.UpdateAsync(TableRig.Put(2));
        await rig.UpdateAsync(TableRig.Put(2));

        Assert.Equal([2], await rig.NumbersAsync());
    }

    [Fact]
    public Task A_file_that_is_no_database_is_refused() => AssertRefusedAsync(
        static path => File.WriteAllText(path, new string('x', 20_000)), StoreProblemReason.TableMismatch, DigestStoreErrorReason.TableMismatch, "SQLITE_NOTADB", "Name another file.");

    [Fact]
    public Task A_directory_in_the_place_of_the_file_is_refused() => AssertRefusedAsync(
        static path => Directory.CreateDirectory(path), StoreProblemReason.CompareUnavailable, DigestStoreErrorReason.AccessDenied, "SQLITE_CANTOPEN", "Check that it is a file");

    [Fact]
    public async Task A_folder_that_cannot_be_created_is_named()
    {
        await File.WriteAllTextAsync(Path.Combine(_file.Folder, "file"), "", TestContext.Current.CancellationToken);
        string path = Path.Combine(_file.Folder, "file", "digests.db");

        await AssertRefusedAsync(static _ => { }, StoreProblemReason.CompareUnavailable, DigestStoreErrorReason.Unavailable, "IOException", "Create it, or name another file.", path);
    }

    [Fact]
    public async Task A_damaged_page_is_recognised()
    {
        await StoreAsync();

        await AssertRefusedAsync(
            static path =>
            {
                using FileStream file = File.OpenWrite(path);
                long length = file.Length;
                file.Position = 8192;
                file.Write([.. Enumerable.Repeat((byte)0xA5, (int)(length - 8192))]);
            },
            StoreProblemReason.TableMismatch,
            DigestStoreErrorReason.TableMismatch,
            "SQLITE_CORRUPT",
            "Restore it from a back-up");
    }

    // A file whose format is written only by newer versions of SQLite, and which this one may read: nothing else makes a file read-only for root.
    [Fact]
    public async Task A_file_that_can_only_be_read_is_read_and_a_store_says_why_it_is_not_written()
    {
        await StoreAsync();
        using (FileStream file = File.OpenWrite(_file.Path))
        {
            file.Position = 18;
            file.WriteByte(3);
        }

        await using DigestRepository repository = CreateRepository(_file.Path);
        Digest digest = await repository.GetAsync(TableRig.Date, TestContext.Current.CancellationToken);
        StoreResult result = await repository.StoreAsync(TableRig.Date, [TableRig.Item(1000)], cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(50, digest.Count);
        Assert.Equal((StoreStatus.Failed, StoreProblemReason.AccessDenied), (result.Status, result.MainProblem!.Reason));
        Assert.Equal(
            $"The file '{_file.Path}' gave the error SQLITE_READONLY: attempt to write a readonly database. It cannot be written to. Let the user of this process write to the file and its folder, and check that the disk is not mounted read-only.",
            result.MainProblem.Message);
    }

    [Fact]
    public async Task A_missing_folder_is_created()
    {
        await using DigestRepository repository = CreateRepository(Path.Combine(_file.Folder, "a", "b", "digests.db"));

        StoreResult result = await repository.StoreAsync(TableRig.Date, [TableRig.Item(1)], cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(StoreStatus.Stored, result.Status);
    }

    private async Task AssertRefusedAsync(Action<string> prepare, StoreProblemReason ofStore, DigestStoreErrorReason ofRead, string code, string words, string? path = null)
    {
        path ??= _file.Path;
        prepare(path);
        await using DigestRepository repository = CreateRepository(path);

        StoreResult result = await repository.StoreAsync(TableRig.Date, [TableRig.Item(1)], cancellationToken: TestContext.Current.CancellationToken);
        DigestStoreException failure = await Assert.ThrowsAsync<DigestStoreException>(() => repository.GetAsync(TableRig.Date, TestContext.Current.CancellationToken));

        Assert.Equal((StoreStatus.Failed, ofStore), (result.Status, result.MainProblem!.Reason));
        Assert.Contains(path, result.MainProblem.Message, StringComparison.Ordinal);
        Assert.Contains(words, result.MainProblem.Message, StringComparison.Ordinal);
        Assert.Equal(ofRead, failure.Reason);
        Assert.Contains(path, failure.Message, StringComparison.Ordinal);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.EndsWith($" The error was {code}.", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("DynamoDB", failure.Message + result.MainProblem.Message, StringComparison.Ordinal);
    }

    private async Task StoreAsync()
    {
        await using DigestRepository repository = CreateRepository(_file.Path);
        StoreResult result = await repository.StoreAsync(TableRig.Date, Enumerable.Range(0, 50).Select(static number => TableRig.Item(number, new string('s', 800))), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(50, result.Inserted);
    }

    private static DigestRepository CreateRepository(string path) => new(
        new SqliteTableSource(path),
        static () => new DigestStoreOptions { AttemptTimeout = TimeSpan.FromSeconds(20), MaxAttempts = 1 });
}
