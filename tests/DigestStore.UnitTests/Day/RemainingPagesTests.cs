using DigestStore.Calls;
using DigestStore.Day;
using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.UnitTests.Day;

public sealed class RemainingPagesTests
{
    private static readonly DigestItemId[] Ids = [.. Enumerable.Range(0, 300).Select(Some.Id).Order()];

    // An id before the end of the first page is asked for because this call has itself written it since that page was read.
    [Fact]
    public async Task What_the_pages_do_not_have_is_not_there_but_what_lies_before_them_is_still_unknown()
    {
        var table = new TableDouble { OnQuery = static _ => Task.FromResult(new PageReply { Items = [Record(151), Record(152)] }) };
        using CallScope scope = Some.Scope();
        List<DigestItemId> unknown = [Ids[0], Ids[151], .. Ids[153..]];
        var found = new List<DigestItemId>();

        PageReply? failed = await RemainingPages.ReadAsync(Some.Gateway(table, scope), Some.Partition, Ids[150], itemsBefore: 100, unknown, record => found.Add(record.Id));

        Assert.Null(failed);
        Assert.Equal([Ids[0]], unknown);

        // Only what was asked for is handed on.
        Assert.Equal([Ids[151]], found);
        Assert.Equal(RecordKeys.Item(Ids[150]), Assert.Single(table.Queries).After);
    }

    private static ItemRecord Record(int number) => ItemReader.Read(Ids[number], Some.Date, []);
}
