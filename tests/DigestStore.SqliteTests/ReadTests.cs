using DigestStore.Records;
using DigestStore.Sqlite;
using DigestStore.Table;
using Microsoft.Data.Sqlite;

namespace DigestStore.SqliteTests;

/// <summary>Reads while others write, and reads that are given up.</summary>
public sealed class ReadTests : IDisposable
{
    private const int MaxLogBytes = 64 * 1024 * 1024;
    private readonly TableRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_read_that_is_given_up_is_interrupted_in_the_middle_of_a_statement()
    {
        await _rig.PutAllAsync(0);
        SqliteFile file = SqliteFile.Acquire(_rig.File.Path, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        Task<PageReply> read = Task.Run(
            () => file.Readers.ReadAsync(
                (database, _) =>
                {
                    begun.SetResult();
                    database.ReadNumber("WITH RECURSIVE numbers (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM numbers) SELECT count(*) FROM numbers");
                    return new PageReply();
                },
                static fault => new PageReply { Fault = fault },
                TimeSpan.FromMinutes(1),
                stop.Token),
            TestContext.Current.CancellationToken);
        await begun.Task;
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        Assert.Equal([0], await _rig.NumbersAsync());
        file.Release(TimeProvider.System);
    }

    [Fact]
    public async Task A_read_that_is_given_up_before_it_begins_does_not_begin() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _rig.Port.QueryAsync(new PageRequest(TableRig.Table, "SENT#daily", Consistent: true), new Attempt(new CancellationToken(canceled: true))));

    // 5 MB of items, of which the reader has the first page. Meanwhile 120 MB are written.
    [Fact]
    public async Task A_reader_that_takes_its_time_does_not_let_the_log_grow()
    {
        DigestItem[] items = [.. Enumerable.Range(0, 1250).Select(static number => TableRig.Item(number, new string('s', 3000)))];
        await using var repository = new DigestRepository(new SqliteTableSource(_rig.File.Path), static () => new DigestStoreOptions { AttemptTimeout = TimeSpan.FromSeconds(20) });
        Assert.Equal(items.Length, (await repository.StoreAsync(TableRig.Date, items, cancellationToken: TestContext.Current.CancellationToken)).Inserted);
        await using IAsyncEnumerator<StoredDigestItem> reader = repository.ReadAsync(TableRig.Date, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await reader.MoveNextAsync());

        long longest = 0;
        for (int round = 0; round < 20; round++)
        {
            UpdateReply[] replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => _rig.UpdateAsync(TableRig.Put(number, bytes: 300_000))));
            Assert.All(replies, static reply => Assert.Null(reply.Fault));
            longest = Math.Max(longest, new FileInfo(_rig.File.Log).Length);
        }

        Assert.InRange(longest, 1, MaxLogBytes);
        int read = 1;
        while (await reader.MoveNextAsync())
        {
            read++;
        }

        Assert.Equal(items.Length, read);
    }

    // With so many readers there is nearly always one that began before the last write, and without a wait for them the log is not begun anew.
    [Fact]
    public async Task The_log_stays_small_while_others_never_stop_reading()
    {
        await _rig.PutAllAsync(0);
        using var stop = new CancellationTokenSource();
        Task[] readers = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await _rig.NumbersAsync();
            }
        }))];
        long largest = 0;
        for (int number = 1; number <= 190; number++)
        {
            Assert.Null((await _rig.UpdateAsync(TableRig.Put(number % 20, bytes: 390 * 1024))).Fault);
            largest = Math.Max(largest, new FileInfo(_rig.File.Log).Length);
        }

        await stop.CancelAsync();
        await Task.WhenAll(readers);
        Assert.InRange(largest, 1, MaxLogBytes);
    }

    [Fact]
    public async Task Many_reads_at_once_take_turns()
    {
        await _rig.PutAllAsync(1, 2, 3);

        List<int>[] read = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(_rig.NumbersAsync)));

        Assert.All(read, static numbers => Assert.Equal([1, 2, 3], numbers));
    }

    // Neither a scan of the table nor a sort: a page costs the same in a file of a million records.
    [Fact]
    public async Task Every_query_goes_along_an_index()
    {
        await _rig.PutAllAsync(0);
        using SqliteConnection other = _rig.OpenElsewhere();
        foreach (int kind in Enumerable.Range(0, 32))
        {
            bool isByStatus = (kind & 1) != 0;
            var request = new PageRequest(TableRig.Table, "partition", Consistent: false)
            {
                IsByStatus = isByStatus,
                IsDescending = (kind & 2) != 0,
                From = (kind & 4) != 0 ? "from" : null,
                To = (kind & 8) != 0 ? "to" : null,
                After = (kind & 16) != 0 ? "after" : null,
                AfterRecord = isByStatus && (kind & 16) != 0 ? TableRig.Key(1) : null,
            };
            string plan = PlanOf(other, RecordReader.SqlOf(request));
            Assert.StartsWith($"SEARCH records USING {(isByStatus ? "INDEX records_by_status (tbl=? AND gsi1pk=?" : "PRIMARY KEY (tbl=? AND pk=?")}", plan, StringComparison.Ordinal);
            Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
        }

        Assert.Contains("records_by_expiry", PlanOf(other, RecordWriter.DeleteExpired), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("{\"pk\":{\"S\":7}}")]
    [InlineData("{\"pk\":{\"S\":\"a\"}} {}")]
    public async Task A_record_that_another_program_has_spoilt_is_told_as_such(string body)
    {
        await _rig.PutAllAsync(0);
        Assert.Null((await _rig.Port.WriteAsync(TableRig.Batch(TableRig.Item(1)), TableRig.Attempt)).Fault);
        using (SqliteConnection other = _rig.OpenElsewhere())
        {
            other.Execute($"UPDATE records SET body = CAST('{body}' AS BLOB)");
        }

        TableFault?[] faults =
        [
            (await _rig.Port.QueryAsync(new PageRequest(TableRig.Table, "SENT#daily", Consistent: true), TableRig.Attempt)).Fault,
            (await _rig.Port.QueryAsync(PageRequest.OfDay(TableRig.Day, after: null, consistent: true), TableRig.Attempt)).Fault,
            (await _rig.Port.LookupAsync(new LookupRequest(TableRig.Table, [TableRig.Key(0)], Consistent: true), TableRig.Attempt)).Fault,
            (await _rig.UpdateAsync(TableRig.Put(0))).Fault,
        ];

        Assert.All(faults, fault => Assert.Equal((FaultKind.TableMismatch, "DamagedRecord"), (fault?.Kind, fault?.Code)));
    }

    private static string PlanOf(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + System.Text.RegularExpressions.Regex.Replace(sql, @"\?\d", "'x'");
        using SqliteDataReader plan = command.ExecuteReader();
        var steps = new List<string>();
        while (plan.Read())
        {
            steps.Add(plan.GetString(3));
        }

        return string.Join('\n', steps);
    }
}
