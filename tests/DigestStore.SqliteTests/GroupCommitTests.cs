using Amazon.DynamoDBv2.Model;
using DigestStore.Records;
using DigestStore.Sqlite;
using DigestStore.Table;
using Microsoft.Data.Sqlite;

namespace DigestStore.SqliteTests;

/// <summary>When a write is answered, and with what, while others are written with it.</summary>
public sealed class GroupCommitTests : IDisposable
{
    private readonly TableRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task What_waits_together_is_committed_together()
    {
        await _rig.PutAllAsync(0);
        using SqliteConnection other = Block();
        int before = WalLog.Commits(_rig.File.Log);
        List<Task<UpdateReply>> updates = [.. Enumerable.Range(1, 20).Select(number => _rig.UpdateAsync(TableRig.Put(number)))];
        Task<WriteReply> batch = _rig.Port.WriteAsync(TableRig.Batch(TableRig.Item(1), TableRig.Item(2)), TableRig.Attempt);
        Assert.DoesNotContain(updates, static update => update.IsCompleted);

        other.Execute("ROLLBACK");

        Assert.All(await Task.WhenAll(updates), static reply => Assert.Null(reply.Fault));
        Assert.Null((await batch).Fault);
        Assert.Equal(before + 1, WalLog.Commits(_rig.File.Log));
        Assert.Equal(Enumerable.Range(0, 21), await _rig.NumbersAsync());
    }

    [Fact]
    public async Task A_write_that_is_withdrawn_while_it_waits_is_not_made_and_its_caller_knows()
    {
        await _rig.PutAllAsync(0);
        using SqliteConnection other = Block();
        using var stop = new CancellationTokenSource();
        var attempt = new Attempt(stop.Token);
        Task<UpdateReply> withdrawn = _rig.Port.UpdateAsync(TableRig.Put(1), attempt);
        Task<UpdateReply> kept = _rig.UpdateAsync(TableRig.Put(2));

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => withdrawn);
        Assert.True(attempt.TryWithdraw());
        other.Execute("ROLLBACK");
        Assert.Null((await kept).Fault);
        Assert.Equal([0, 2], await _rig.NumbersAsync());
    }

    // The sender has given it up before it reached the queue, and may have stored something newer since.
    [Fact]
    public async Task A_write_that_was_given_up_before_it_waited_is_not_made()
    {
        await _rig.PutAllAsync(0);
        var attempt = new Attempt(new CancellationToken(canceled: true));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _rig.Port.UpdateAsync(TableRig.Put(1), attempt));

        Assert.True(attempt.TryWithdraw());
        Assert.Equal([0], await _rig.NumbersAsync());
    }

    [Fact]
    public async Task A_write_that_was_made_cannot_be_withdrawn()
    {
        var attempt = new Attempt(TestContext.Current.CancellationToken);

        await _rig.Port.UpdateAsync(TableRig.Put(1), attempt);

        Assert.False(attempt.TryWithdraw());
    }

    [Fact]
    public async Task A_lock_that_another_program_holds_for_too_long_throttles_while_reads_go_on()
    {
        using var rig = new TableRig(attemptTimeout: TimeSpan.FromSeconds(0.2));
        await rig.PutAllAsync(0);
        using SqliteConnection other = rig.OpenElsewhere();
        other.Execute("BEGIN IMMEDIATE");

        TableFault? fault = (await rig.UpdateAsync(TableRig.Put(1))).Fault;

        Assert.Equal((FaultKind.Throttled, "SQLITE_BUSY", true), (fault?.Kind, fault?.Code, fault?.NotSent));
        Assert.Equal($"Another process or program held the lock of the file '{rig.File.Path}' for 0.15 s. Only one can write at a time: end its transaction, or allow more time with AttemptTimeout.", fault?.Remedy);
        Assert.Equal([0], await rig.NumbersAsync());
        other.Execute("ROLLBACK");
        await rig.PutAllAsync(1);
    }

    [Fact]
    public async Task A_refusal_is_told_with_what_it_rests_on()
    {
        await _rig.PutAllAsync(0);
        using SqliteConnection other = Block();
        Task<UpdateReply> first = _rig.UpdateAsync(TableRig.PutNew(1));
        Task<UpdateReply> second = _rig.UpdateAsync(TableRig.PutNew(1));

        other.Execute("ROLLBACK");

        Assert.Null((await first).Fault);
        UpdateReply refused = await second;
        Assert.True(refused.IsRefused);
        Assert.Equal("text", refused.Record?.Text("text"));
    }

    // The first of the two writes is what the refusal of the second rests on, and nobody knows whether that is in the file.
    [Theory]
    [InlineData("/dev/full", FileAccess.ReadWrite, "SQLITE_FULL")]
    [InlineData("/dev/zero", FileAccess.Read, "SQLITE_IOERR")]
    public async Task After_an_error_in_the_commit_even_a_refusal_is_unknown(string device, FileAccess access, string code)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The devices and /proc are Linux's.");
        await _rig.PutAllAsync(0);
        using SqliteConnection other = Block();
        Task<UpdateReply> first = _rig.UpdateAsync(TableRig.PutNew(1));
        Task<UpdateReply> second = _rig.UpdateAsync(TableRig.PutNew(1));
        WalLog.Redirect(_rig.File.Log, device, access);

        other.Execute("ROLLBACK");

        Assert.All(await Task.WhenAll(first, second), reply =>
        {
            Assert.Equal((FaultKind.Unavailable, code), (reply.Fault?.Kind, reply.Fault?.Code));
            Assert.True(reply.Fault!.MayHaveBeenApplied);
            Assert.True(reply.Fault.IsTransient);
            Assert.Contains(_rig.File.Path, reply.Fault.Remedy, StringComparison.Ordinal);
        });
        other.Dispose();
        await _rig.PutAllAsync(2);
        Assert.Contains(2, await _rig.NumbersAsync());
    }

    [Fact]
    public async Task After_an_error_before_the_commit_nothing_of_the_group_is_in_the_file()
    {
        await _rig.PutAllAsync(0);
        using SqliteConnection other = Block();
        Task<UpdateReply> good = _rig.UpdateAsync(TableRig.Put(1));
        Task<UpdateReply> also = _rig.UpdateAsync(TableRig.Put(2));

        // The other program takes the table away, in its own transaction.
        other.Execute("ALTER TABLE records RENAME TO hidden; COMMIT");

        Assert.All(await Task.WhenAll(good, also), static reply => Assert.Equal((FaultKind.TableMismatch, false), (reply.Fault?.Kind, reply.Fault?.MayHaveBeenApplied)));
        other.Execute("ALTER TABLE hidden RENAME TO records");
        Assert.Equal([0], await _rig.NumbersAsync());
    }

    [Fact]
    public async Task A_write_that_fails_by_itself_leaves_the_others_alone()
    {
        await _rig.PutAllAsync(0, 1);
        using SqliteConnection other = _rig.OpenElsewhere();
        other.Execute("UPDATE records SET body = CAST('{\"pk\":7}' AS BLOB) WHERE sk = '00001'; BEGIN IMMEDIATE");
        Task<UpdateReply> before = _rig.UpdateAsync(TableRig.Put(2));
        Task<UpdateReply> damaged = _rig.UpdateAsync(TableRig.Put(1));
        Task<UpdateReply> after = _rig.UpdateAsync(TableRig.Put(3));

        other.Execute("ROLLBACK");

        Assert.Null((await before).Fault);
        Assert.Null((await after).Fault);
        Assert.Equal((FaultKind.TableMismatch, "DamagedRecord", false), ((await damaged).Fault?.Kind, (await damaged).Fault?.Code, (await damaged).Fault?.MayHaveBeenApplied));
        Assert.Equal(4L, other.Read("SELECT count(*) FROM records"));
    }

    [Fact]
    public async Task What_still_waits_when_the_last_user_of_the_file_is_disposed_of_is_known_not_to_be_written()
    {
        await _rig.PutAllAsync(0);
        using SqliteConnection other = Block();
        Task<UpdateReply> update = _rig.UpdateAsync(TableRig.Put(1));

        _rig.Close();

        Assert.Equal((FaultKind.Disposed, true), ((await update).Fault?.Kind, (await update).Fault?.NotSent));
        other.Execute("ROLLBACK");
        Assert.Equal(1L, other.Read("SELECT count(*) FROM records"));
    }

    // Records of the largest size, so that a few of them fill the queue. They share one value, so that the test does not need its memory.
    [Fact]
    public async Task Updates_that_copy_large_values_fill_the_queue_as_what_they_hold()
    {
        await _rig.PutAllAsync(0);
        var value = new AttributeValue { S = new string('x', 300 * 1024) };
        RecordUpdate large = TableRig.Put(1) with { Changes = [new AttributeChange.SetValue("text", value)] };
        int fitting = (int)(WriteQueue.MaxBytes / value.S.Length);
        using SqliteConnection other = Block();

        UpdateReply[] replies = await RefusedOf([.. Enumerable.Range(0, fitting + 10).Select(_ => _rig.UpdateAsync(large))], other);

        Assert.InRange(replies.Length, 10, 20);
        Assert.All(replies, static reply => Assert.Equal((FaultKind.Throttled, "QueueFull", true), (reply.Fault?.Kind, reply.Fault?.Code, reply.Fault?.NotSent)));
    }

    [Fact]
    public async Task Deletions_fill_the_queue_as_the_keys_they_hold()
    {
        await _rig.PutAllAsync(0);
        var batch = new WriteBatch(TableRig.Day, [], [.. Enumerable.Range(0, 25).Select(static number => DigestItemId.Create(TableRig.Item(number).Url))]);
        using SqliteConnection other = Block();

        WriteReply[] replies = await RefusedOf([.. Enumerable.Range(0, 5_300).Select(_ => _rig.Port.WriteAsync(batch, TableRig.Attempt))], other);

        Assert.NotEmpty(replies);
        Assert.All(replies, static reply => Assert.Equal((FaultKind.Throttled, "QueueFull", true), (reply.Fault?.Kind, reply.Fault?.Code, reply.Fault?.NotSent)));
    }

    // What is answered while nothing can be written.
    private static async Task<T[]> RefusedOf<T>(Task<T>[] requests, SqliteConnection other)
    {
        T[] refused = await Task.WhenAll(requests.Where(static request => request.IsCompleted));
        other.Execute("ROLLBACK");
        await Task.WhenAll(requests);
        return refused;
    }

    // A program that writes, so that nobody else can. The log is empty, so that the next transaction begins it anew.
    private SqliteConnection Block()
    {
        SqliteConnection other = _rig.OpenElsewhere();
        other.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        other.Execute("BEGIN IMMEDIATE");
        return other;
    }
}
