using DigestStore.Records;
using DigestStore.Sqlite;
using DigestStore.Table;
using Microsoft.Data.Sqlite;

namespace DigestStore.SqliteTests;

/// <summary>Which files are opened, and what becomes of them.</summary>
public sealed class FileSchemaTests : IDisposable
{
    private readonly TableRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_new_file_says_whose_it_is_and_of_which_version()
    {
        await _rig.PutAllAsync(1);
        using SqliteConnection other = _rig.OpenElsewhere();

        Assert.Equal(0x44675374L, other.Read("PRAGMA application_id"));
        Assert.Equal(1L, other.Read("PRAGMA user_version"));
        Assert.Equal("wal", other.Read("PRAGMA journal_mode"));
        Assert.Equal("ok", other.Read("PRAGMA integrity_check"));
    }

    [Fact]
    public async Task Any_program_can_read_a_record()
    {
        Assert.Null((await _rig.UpdateAsync(TableRig.Put(1, "Ünï ☃ 😀 \"quoted\" <b>"))).Fault);
        using SqliteConnection other = _rig.OpenElsewhere();

        Assert.Equal("Ünï ☃ 😀 \"quoted\" <b>", other.Read("SELECT json_extract(body, '$.text.S') FROM records WHERE tbl = 'digests' AND pk = 'SENT#daily' AND sk = '00001'"));
        Assert.Equal("{\"pk\":{\"S\":\"SENT#daily\"},\"sk\":{\"S\":\"00001\"},\"text\":{\"S\":\"Ünï ☃ \\uD83D\\uDE00 \\\"quoted\\\" <b>\"}}", other.Read("SELECT CAST(body AS TEXT) FROM records"));
    }

    [Fact]
    public async Task The_file_and_its_log_are_for_their_owner_only()
    {
        await _rig.PutAllAsync(1);

        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes.");
        }
        else
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_rig.File.Path));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_rig.File.Log));
        }
    }

    [Fact]
    public async Task An_empty_file_is_a_new_one()
    {
        await File.WriteAllBytesAsync(_rig.File.Path, [], TestContext.Current.CancellationToken);

        await _rig.PutAllAsync(1);

        Assert.Equal([1], await _rig.NumbersAsync());
    }

    [Fact]
    public async Task A_closed_file_is_one_file_without_a_log()
    {
        await _rig.PutAllAsync(1);
        Assert.True(File.Exists(_rig.File.Log));

        _rig.Close();

        Assert.Equal([_rig.File.Path], Directory.GetFiles(_rig.File.Folder));
    }

    [Fact]
    public async Task Several_tables_lie_in_one_file_and_do_not_see_each_other()
    {
        await _rig.PutAllAsync(1);
        Assert.Null((await _rig.UpdateAsync(TableRig.Put(1, "of the other") with { Table = "other" })).Fault);

        LookupReply found = await _rig.Port.LookupAsync(new LookupRequest("other", [TableRig.Key(1)], Consistent: true), TableRig.Attempt);

        Assert.Equal("of the other", Assert.Single(found.Records).Text("text"));
        Assert.Empty((await _rig.Port.QueryAsync(new PageRequest("third", "SENT#daily", Consistent: true), TableRig.Attempt)).Records);
    }

    [Fact]
    public async Task A_file_of_an_older_version_is_upgraded_and_keeps_its_records()
    {
        await _rig.PutAllAsync(1);
        _rig.Close();

        using (Database database = Database.Open(_rig.File.Path))
        {
            FileSchema.Prepare(database, _rig.File.Path, ["", "ALTER TABLE records ADD COLUMN note TEXT", "UPDATE records SET note = 'new'"]);
        }

        using SqliteConnection other = _rig.OpenElsewhere();
        Assert.Equal((3L, "new"), (other.Read("PRAGMA user_version"), other.Read("SELECT note FROM records")));
    }

    [Fact]
    public async Task An_upgrade_that_fails_leaves_the_file_as_it_was()
    {
        await _rig.PutAllAsync(1);
        _rig.Close();

        using (Database database = Database.Open(_rig.File.Path))
        {
            Assert.Throws<SqliteErrorException>(() => FileSchema.Prepare(database, _rig.File.Path, ["", "ALTER TABLE records ADD COLUMN note TEXT", "SELECT nothing"]));
        }

        using SqliteConnection other = _rig.OpenElsewhere();
        Assert.Equal((1L, 0L), (other.Read("PRAGMA user_version"), other.Read("SELECT count(*) FROM pragma_table_info('records') WHERE name = 'note'")));
    }

    // A database in memory has no log, as a file on some file systems.
    [Fact]
    public void A_file_that_cannot_have_a_write_ahead_log_is_refused()
    {
        using Database database = Database.Open(":memory:");

        var refusal = Assert.Throws<UnusableFileException>(() => FileSchema.Prepare(database, "/data/digests.db"));

        TableFault fault = SqliteFaults.Of(refusal, "/data/digests.db");
        Assert.Equal((FaultKind.Misconfigured, "NoWriteAheadLog", false), (fault.Kind, fault.Code, fault.IsTransient));
        Assert.Equal(
            "The file '/data/digests.db' cannot have a write-ahead log: SQLite left its journal mode at 'memory'. Without the log nothing can be promised of it. A file system that shares no memory between processes is no place for it: name a file on a disk of this machine.",
            fault.Remedy);
    }

    [Theory]
    [InlineData("PRAGMA application_id = 1147622260; PRAGMA user_version = 2; CREATE TABLE later (a)", "has version 2 of its schema, and this version of DigestStore.Sqlite knows versions up to 1. A newer one has written it. Update this application.")]
    [InlineData("CREATE TABLE bookmarks (url TEXT)", "is a database of another program, and no file of DigestStore. Nothing was changed in it. Name another file.")]
    [InlineData("PRAGMA user_version = 1; CREATE TABLE records (a)", "is a database of another program, and no file of DigestStore. Nothing was changed in it. Name another file.")]
    [InlineData("PRAGMA application_id = 7; CREATE TABLE records (a)", "is a database of another program, and no file of DigestStore. Nothing was changed in it. Name another file.")]
    public async Task A_file_that_is_not_ours_or_newer_is_refused_and_not_changed(string sql, string words)
    {
        using (SqliteConnection other = _rig.OpenElsewhere())
        {
            other.Execute(sql);
        }

        byte[] before = await File.ReadAllBytesAsync(_rig.File.Path, TestContext.Current.CancellationToken);
        TableFault? read = (await _rig.Port.QueryAsync(new PageRequest(TableRig.Table, "SENT#daily", Consistent: true), TableRig.Attempt)).Fault;
        TableFault? write = (await _rig.UpdateAsync(TableRig.Put(1))).Fault;

        Assert.Equal((FaultKind.TableMismatch, $"The file '{_rig.File.Path}' {words}"), (read?.Kind, read?.Remedy));
        Assert.Equal((read?.Kind, read?.Remedy, false), (write?.Kind, write?.Remedy, write?.MayHaveBeenApplied));
        _rig.Close();
        Assert.Equal(before, await File.ReadAllBytesAsync(_rig.File.Path, TestContext.Current.CancellationToken));
        Assert.Equal([_rig.File.Path], Directory.GetFiles(_rig.File.Folder));
    }
}
