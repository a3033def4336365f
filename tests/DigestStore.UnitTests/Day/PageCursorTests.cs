using DigestStore.Day;
using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.UnitTests.Day;

public sealed class PageCursorTests
{
    private readonly PageCursor _cursor = new();

    [Fact]
    public void It_goes_from_key_to_key_to_the_end()
    {
        Assert.Null(_cursor.Advance(new PageReply { Next = "A" }));
        Assert.Equal(("A", false), (_cursor.After, _cursor.IsAtEnd));

        Assert.Null(_cursor.Advance(new PageReply()));
        Assert.True(_cursor.IsAtEnd);
    }

    [Fact]
    public void A_page_s_own_fault_is_told()
    {
        TableFault fault = Some.Fault(FaultKind.Throttled);

        Assert.Same(fault, _cursor.Advance(new PageReply { Fault = fault, Next = "A" }));
        Assert.Null(_cursor.After);
    }

    [Theory]
    [InlineData("B")]
    [InlineData("A")]
    [InlineData("")]
    public void A_key_that_does_not_come_after_the_one_before_leads_nowhere(string next)
    {
        _cursor.Advance(new PageReply { Next = "B" });

        AssertInvalidPage("LastEvaluatedKeyLeadsNowhere", new PageReply { Next = next });
    }

    [Fact]
    public void A_key_that_no_record_can_have_leads_nowhere()
    {
        Assert.Null(_cursor.Advance(new PageReply { Next = new string('A', Schema.MaxSortKeyBytes) }));

        AssertInvalidPage("LastEvaluatedKeyLeadsNowhere", new PageReply { Next = "B" + new string('é', Schema.MaxSortKeyBytes / 2) });
    }

    [Fact]
    public void Records_lie_between_the_last_key_and_this_one()
    {
        DigestItemId[] ids = [.. Enumerable.Range(0, 3).Select(static number => Some.Id(number)).OrderBy(static id => id.ToString(), StringComparer.Ordinal)];
        Assert.Null(_cursor.Advance(new PageReply { Header = new HeaderRecord(), Next = RecordKeys.Header }));
        Assert.Null(_cursor.Advance(new PageReply { Items = [Record(ids[0])], Next = RecordKeys.Item(ids[0]) }));

        AssertInvalidPage("RecordOutsidePage", new PageReply { Items = [Record(ids[0])] });
        AssertInvalidPage("RecordOutsidePage", new PageReply { Items = [Record(ids[0]), Record(ids[1])] });
        AssertInvalidPage("RecordOutsidePage", new PageReply { Items = [Record(ids[1]), Record(ids[2])], Next = RecordKeys.Item(ids[1]) });
        AssertInvalidPage("RecordOutsidePage", new PageReply { Header = new HeaderRecord() });
        Assert.Null(_cursor.Advance(new PageReply { Items = [Record(ids[1]), Record(ids[2])] }));
    }

    [Fact]
    public void A_page_that_ends_right_before_the_header_s_key_has_no_header() =>
        AssertInvalidPage("RecordOutsidePage", new PageReply { Header = new HeaderRecord(), Next = RecordKeys.Header[..^1] + (char)(RecordKeys.Header[^1] - 1) });

    [Fact]
    public void Records_of_a_page_ascend()
    {
        DigestItemId[] ids = [.. Enumerable.Range(0, 3).Select(static number => Some.Id(number)).Order()];

        AssertInvalidPage("RecordsOutOfOrder", new PageReply { Items = [Record(ids[0]), Record(ids[1]), Record(ids[1]), Record(ids[2])] });
        AssertInvalidPage("RecordsOutOfOrder", new PageReply { Items = [Record(ids[0]), Record(ids[2]), Record(ids[1])] });
        AssertInvalidPage("RecordsOutOfOrder", new PageReply { Items = [Record(ids[1]), Record(ids[0])] });
        Assert.Null(_cursor.Advance(new PageReply { Items = [Record(ids[0]), Record(ids[1]), Record(ids[2])] }));
    }

    [Fact]
    public void Empty_pages_are_few_in_a_row_and_any_record_starts_the_count_anew()
    {
        for (int page = 0; page < 3 * PageCursor.MaxEmptyPages; page++)
        {
            Assert.Null(_cursor.Advance(new PageReply { UnknownRecords = page % PageCursor.MaxEmptyPages == 0 ? 1 : 0, Next = Key(page) }));
        }

        AssertInvalidPage("TooManyEmptyPages", new PageReply { Next = "B" });
    }

    [Theory]
    [InlineData("header")]
    [InlineData("item")]
    public void A_page_with_the_header_or_an_item_alone_is_not_empty_and_the_last_page_may_be(string record)
    {
        for (int page = 1; page < PageCursor.MaxEmptyPages; page++)
        {
            Assert.Null(_cursor.Advance(new PageReply { Next = Key(page) }));
        }

        Assert.Null(_cursor.Advance(record == "header"
            ? new PageReply { Header = new HeaderRecord(), Next = RecordKeys.Header }
            : new PageReply { Items = [Record(Some.Id(0))], Next = RecordKeys.Item(Some.Id(0)) }));
        for (int page = 1; page < PageCursor.MaxEmptyPages; page++)
        {
            Assert.Null(_cursor.Advance(new PageReply { Next = $"Z{page:D8}" }));
        }

        Assert.Null(_cursor.Advance(new PageReply()));
    }

    [Fact]
    public void Pages_are_no_more_than_a_day_can_have()
    {
        for (int page = 1; page < PageCursor.MaxPages; page++)
        {
            Assert.Null(_cursor.Advance(new PageReply { UnknownRecords = 1, Next = Key(page) }));
        }

        AssertInvalidPage("TooManyPages", new PageReply { UnknownRecords = 1, Next = "B" });
    }

    private static ItemRecord Record(DigestItemId id) => ItemReader.Read(id, Some.Date, []);

    private static string Key(int page) => $"A{page:D8}";

    private void AssertInvalidPage(string code, PageReply page)
    {
        TableFault fault = _cursor.Advance(page)!;
        Assert.Equal((FaultKind.InvalidResponse, code), (fault.Kind, fault.Code));
    }
}
