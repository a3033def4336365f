using DigestStore.Records;
using DigestStore.Table;
using DigestStore.Testing;

namespace DigestStore.SqliteTests;

/// <summary>Whatever a table in memory answers, a table in a file answers: records, order, pages, units and refusals.</summary>
public sealed class LikeMemoryTests : IDisposable
{
    private readonly TableRig _rig = new();
    private readonly InMemoryTable _memory = new(new InMemoryDigestStorage());

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_random_run_has_the_same_answers(int seed)
    {
        var random = new Random(seed);
        for (int step = 0; step < 150; step++)
        {
            switch (random.Next(5))
            {
                case 0:
                    DigestItem[] items = [.. Enumerable.Range(0, random.Next(1, 26)).Select(_ => random.Next(200)).Distinct().Select(number => TableRig.Item(number, new string('s', random.Next(1, 30_000))))];
                    await AssertSameAsync(table => table.WriteAsync(TableRig.Batch(items), TableRig.Attempt), static reply => $"{reply.Fault} {reply.Units} {reply.Sent}");
                    break;
                case 1:
                    DigestItemId[] ids = [.. Enumerable.Range(0, random.Next(1, 26)).Select(_ => DigestItemId.Create(TableRig.Item(random.Next(250)).Url)).Distinct()];
                    await AssertSameAsync(table => table.WriteAsync(new WriteBatch(TableRig.Day, [], ids), TableRig.Attempt), static reply => $"{reply.Fault} {reply.Units} {reply.Sent}");
                    break;
                case 2:
                    RecordUpdate update = TableRig.Put(random.Next(20), bytes: random.Next(1, 60_000)) with { Condition = random.Next(2) == 0 ? null : new RecordCondition.Absent("ids"), ReturnsRecord = true };
                    await AssertSameAsync(table => table.UpdateAsync(update, TableRig.Attempt), static reply => $"{reply.Fault} {reply.Units} {reply.Record?.Key} {reply.Record?.Bytes("ids")?.Length}");
                    break;
                case 3:
                    RecordKey[] keys = [.. Enumerable.Range(0, 30).Select(TableRig.Key)];
                    await AssertSameAsync(table => table.LookupAsync(new LookupRequest(TableRig.Table, keys, Consistent: random.Next(1) == 0), TableRig.Attempt), static reply => $"{reply.Units} {string.Join(' ', reply.Records.Select(static record => record.Key))}");
                    break;
                default:
                    await AssertSamePagesAsync(random);
                    break;
            }
        }
    }

    [Fact]
    public async Task The_same_requests_are_refused()
    {
        await AssertSameAsync(table => table.WriteAsync(TableRig.Batch(), TableRig.Attempt), static reply => reply.Fault?.Kind);
        await AssertSameAsync(table => table.WriteAsync(TableRig.Batch([.. Enumerable.Range(0, 26).Select(static number => TableRig.Item(number))]), TableRig.Attempt), static reply => reply.Fault?.Kind);
        await AssertSameAsync(table => table.WriteAsync(TableRig.Batch(TableRig.Item(1), TableRig.Item(1)), TableRig.Attempt), static reply => reply.Fault?.Kind);
        await AssertSameAsync(table => table.LookupAsync(new LookupRequest(TableRig.Table, [], Consistent: true), TableRig.Attempt), static reply => reply.Fault?.Kind);
        await AssertSameAsync(table => table.LookupAsync(new LookupRequest(TableRig.Table, [new RecordKey("", "a")], Consistent: true), TableRig.Attempt), static reply => reply.Fault?.Kind);
        await AssertSameAsync(table => table.UpdateAsync(TableRig.Put(1) with { Key = new RecordKey("a", "") }, TableRig.Attempt), static reply => reply.Fault?.Kind);
        await AssertSameAsync(table => table.UpdateAsync(TableRig.Put(1) with { Key = new RecordKey("a", new string('b', 1025)) }, TableRig.Attempt), static reply => reply.Fault?.Kind);
        await AssertSameAsync(table => table.UpdateAsync(TableRig.Put(1, bytes: 400 * 1024), TableRig.Attempt), static reply => reply.Fault?.Kind);
        Assert.Equal(FaultKind.Invalid, (await _rig.UpdateAsync(TableRig.Put(1, bytes: 400 * 1024))).Fault?.Kind);
        Assert.Empty(await _rig.NumbersAsync());
    }

    private async Task AssertSamePagesAsync(Random random)
    {
        PageRequest request = random.Next(2) == 0
            ? PageRequest.OfDay(TableRig.Day, after: null, consistent: random.Next(2) == 0)
            : new PageRequest(TableRig.Table, "SENT#daily", Consistent: random.Next(2) == 0) { IsDescending = random.Next(2) == 0, Limit = random.Next(2) == 0 ? 7 : null, From = random.Next(2) == 0 ? "00003" : null };
        for (string? after = "first"; after is not null;)
        {
            PageReply page = await AssertSameAsync(
                table => table.QueryAsync(after == "first" ? request : request with { After = after }, TableRig.Attempt),
                static page => $"{page.Fault} {page.Units} {page.Next} {string.Join(' ', page.Items.Select(static item => $"{item.Id} {item.ContentHash} {item.Stored?.Item.Summary?.Length}"))} {string.Join(' ', page.Records.Select(static record => record.Key))}");
            after = page.Next;
        }
    }

    private async Task<TReply> AssertSameAsync<TReply, TTold>(Func<IDigestTable, Task<TReply>> ask, Func<TReply, TTold> tell)
    {
        TReply inMemory = await ask(_memory);
        TReply inFile = await ask(_rig.Port);
        Assert.Equal(tell(inMemory), tell(inFile));
        return inFile;
    }
}
