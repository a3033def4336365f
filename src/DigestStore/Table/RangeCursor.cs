using DigestStore.Records;

namespace DigestStore.Table;

// The position in the pages of a range of records. Like the cursor of a day, it checks every page and limits their number, because the
// server decides whether another page follows.
internal sealed class RangeCursor(PageRequest first)
{
    // Every page but the last has 1 MB, so the limits are those of a day's pages.
    public const int MaxEmptyPages = 100;
    public const int MaxPages = 10_000;

    private int _pages;
    private int _emptyPages;
    private string? _last;

    // The request for the next page.
    public PageRequest Request { get; private set; } = first;

    public bool IsAtEnd { get; private set; }

    // Null if the page can follow the pages before it, and else the reason why it cannot.
    public TableFault? Advance(PageReply page)
    {
        if (page.Fault is not null)
        {
            return page.Fault;
        }

        foreach (StoredRecord record in page.Records)
        {
            string? key = Request.IsByStatus ? record.Text(AttributeNames.StatusIndexSk) : record.Key.SortKey;
            if (key is null || !Follows(key))
            {
                return InvalidPage("RecordsOutOfOrder");
            }

            _last = key;
        }

        if (page.Next is not null && (!(page.Next == _last || Follows(page.Next)) || IsSamePlace(page)))
        {
            return InvalidPage("LastEvaluatedKeyLeadsNowhere");
        }

        _last = page.Next ?? _last;
        _emptyPages = page.Records.Count == 0 ? _emptyPages + 1 : 0;
        _pages++;
        IsAtEnd = page.Next is null;
        Request = Request with { After = page.Next, AfterRecord = page.NextRecord };
        return (IsAtEnd, _emptyPages, _pages) switch
        {
            (true, _, _) => null,
            (_, >= MaxEmptyPages, _) => InvalidPage("TooManyEmptyPages"),
            (_, _, >= MaxPages) => InvalidPage("TooManyPages"),
            _ => null,
        };
    }

    // Several records of the index may have one sort key.
    private bool Follows(string key)
    {
        int order = _last is null ? 1 : KeyOrder.Compare(key, _last) * (Request.IsDescending ? -1 : 1);
        return (order > 0 || (order == 0 && Request.IsByStatus)) &&
            (Request.From is null || KeyOrder.Compare(key, Request.From) >= 0) &&
            (Request.To is null || KeyOrder.Compare(key, Request.To) <= 0);
    }

    private bool IsSamePlace(PageReply page) => string.Equals(page.Next, Request.After, StringComparison.Ordinal) && page.NextRecord == Request.AfterRecord;

    private static TableFault InvalidPage(string code) => new(FaultKind.InvalidResponse, code);
}
