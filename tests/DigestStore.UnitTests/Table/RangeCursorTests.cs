using DigestStore.Records;
using DigestStore.Table;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.UnitTests.Table;

public sealed class RangeCursorTests
{
    private static readonly PageRequest Range = new("digests", "SENT#daily", Consistent: true) { From = "b", To = "y" };

    [Fact]
    public void Pages_that_follow_each_other_are_taken()
    {
        var cursor = new RangeCursor(Range);

        Assert.Null(cursor.Advance(Page("f", "b", "c", "f")));
        Assert.Equal("f", cursor.Request.After);
        Assert.Null(cursor.Advance(Page("h")));
        Assert.Null(cursor.Advance(Page(null, "i", "y")));
        Assert.True(cursor.IsAtEnd);
    }

    [Theory]
    [InlineData("f", "RecordsOutOfOrder", "c", "b")]
    [InlineData("f", "RecordsOutOfOrder", "c", "c")]
    [InlineData("f", "RecordsOutOfOrder", "a")]
    [InlineData("z", "RecordsOutOfOrder", "z")]
    [InlineData("c", "LastEvaluatedKeyLeadsNowhere", "c", "d")]
    [InlineData("a", "LastEvaluatedKeyLeadsNowhere")]
    public void A_page_that_cannot_follow_is_a_fault(string? next, string code, params string[] keys) =>
        Assert.Equal((FaultKind.InvalidResponse, code), (new RangeCursor(Range).Advance(Page(next, keys)) is { } fault) ? (fault.Kind, fault.Code) : default);

    [Fact]
    public void A_server_that_goes_in_circles_is_noticed()
    {
        var cursor = new RangeCursor(Range);
        cursor.Advance(Page("f", "f"));

        Assert.Equal("LastEvaluatedKeyLeadsNowhere", cursor.Advance(Page("f"))!.Code);
        Assert.Equal("RecordsOutOfOrder", cursor.Advance(Page("g", "f"))!.Code);
    }

    [Fact]
    public void Empty_pages_without_end_are_noticed()
    {
        var cursor = new RangeCursor(Range with { From = null, To = null });
        TableFault? fault = null;
        for (int page = 0; page < RangeCursor.MaxEmptyPages; page++)
        {
            Assert.Null(fault);
            fault = cursor.Advance(Page($"key {page:D4}"));
        }

        Assert.Equal("TooManyEmptyPages", fault!.Code);
    }

    // In the index several records may have one sort key, and the place is told by the record's own key.
    [Fact]
    public void A_range_of_the_index_may_repeat_a_key_and_goes_backwards()
    {
        var cursor = new RangeCursor(new PageRequest("digests", "STATUS#daily#pending", Consistent: false) { IsByStatus = true, IsDescending = true });

        Assert.Null(cursor.Advance(IndexPage("2026-11-02", 1, "2026-11-03", "2026-11-02")));
        Assert.Null(cursor.Advance(IndexPage("2026-11-02", 2, "2026-11-02")));
        Assert.Equal(Key(2), cursor.Request.AfterRecord);
        Assert.Equal("LastEvaluatedKeyLeadsNowhere", cursor.Advance(IndexPage("2026-11-02", 2))!.Code);
        Assert.Equal("RecordsOutOfOrder", cursor.Advance(IndexPage(null, 0, "2026-11-03"))!.Code);
    }

    [Fact]
    public void The_fault_of_a_page_is_the_cursor_s()
    {
        TableFault fault = Some.Fault(FaultKind.Throttled);

        Assert.Same(fault, new RangeCursor(Range).Advance(new PageReply { Fault = fault }));
    }

    private static PageReply Page(string? next, params string[] keys) =>
        new() { Next = next, Records = [.. keys.Select(static key => new StoredRecord(new RecordKey("SENT#daily", key), []))] };

    private static PageReply IndexPage(string? next, int number, params string[] dates) => new()
    {
        Next = next,
        NextRecord = next is null ? null : Key(number),
        Records = [.. dates.Select(static date => new StoredRecord(Key(0), new() { [N.StatusIndexSk] = ItemMapper.Text(date) }))],
    };

    private static RecordKey Key(int number) => new($"DIGEST#daily#{number}", RecordKeys.Header);
}
