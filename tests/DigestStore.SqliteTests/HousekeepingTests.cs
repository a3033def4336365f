using DigestStore.Records;
using DigestStore.Sqlite;
using Microsoft.Data.Sqlite;

namespace DigestStore.SqliteTests;

public sealed class HousekeepingTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
    private readonly TableRig _rig = new(time: new SetClock(Now));

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Records_that_expired_two_days_ago_are_removed_when_the_file_is_closed_and_no_others()
    {
        await PutAsync(1, Now - TimeSpan.FromHours(49));
        await PutAsync(2, Now - TimeSpan.FromHours(47));
        await PutAsync(3, Now + TimeSpan.FromHours(1));
        await _rig.PutAllAsync(4);

        _rig.Close();

        using SqliteConnection other = _rig.OpenElsewhere();
        Assert.Equal("00002 00003 00004", other.Read("SELECT group_concat(sk, ' ') FROM (SELECT sk FROM records ORDER BY sk)"));
    }

    [Fact]
    public async Task Of_the_clocks_of_several_stores_the_one_that_is_behind_decides()
    {
        await PutAsync(1, Now + TimeSpan.FromDays(1));
        SqliteFile file = SqliteFile.Acquire(_rig.File.Path, TimeProvider.System);
        var ahead = new SetClock(Now + TimeSpan.FromDays(3650));
        Assert.Same(file, SqliteFile.Acquire(_rig.File.Path, ahead));

        Assert.True(file.Now <= Now, "the clock that is ahead decides");

        file.Release(ahead);
        file.Release(TimeProvider.System);
        Assert.Equal(Now, file.Now);
    }

    [Fact]
    public async Task Records_are_removed_by_portions_the_oldest_first()
    {
        await _rig.PutAllAsync(0);
        using SqliteConnection other = _rig.OpenElsewhere();
        other.Execute("WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 1200) INSERT INTO records (tbl, pk, sk, body, size, expiresAt) SELECT 'digests', 'p', i, x'7b7d', 2, i FROM n");
        using Database database = Database.Open(_rig.File.Path);

        Assert.False(Housekeeping.Run(database, Now, SQLitePCL.raw.SQLITE_CHECKPOINT_PASSIVE));
        Assert.Equal(501L, other.Read("SELECT min(expiresAt) FROM records"));
        Assert.False(Housekeeping.Run(database, Now, SQLitePCL.raw.SQLITE_CHECKPOINT_PASSIVE));
        Assert.True(Housekeeping.Run(database, Now, SQLitePCL.raw.SQLITE_CHECKPOINT_PASSIVE));
        Assert.Equal(1L, other.Read("SELECT count(*) FROM records"));
    }

    [Fact]
    public async Task While_another_program_writes_nothing_is_removed_and_nobody_waits()
    {
        await PutAsync(1, Now - TimeSpan.FromHours(49));
        using SqliteConnection other = _rig.OpenElsewhere();
        other.Execute("BEGIN IMMEDIATE");
        using Database database = Database.Open(_rig.File.Path);

        Assert.True(Housekeeping.Run(database, Now, SQLitePCL.raw.SQLITE_CHECKPOINT_PASSIVE));

        Assert.Equal(1L, other.Read("SELECT count(*) FROM records"));
    }

    private async Task PutAsync(int number, DateTimeOffset expiresAt)
    {
        RecordUpdate update = TableRig.Put(number) with { Changes = [new AttributeChange.Set(AttributeNames.ExpiresAt, expiresAt.ToUnixTimeSeconds())] };
        Assert.Null((await _rig.UpdateAsync(update)).Fault);
    }

    private sealed class SetClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
