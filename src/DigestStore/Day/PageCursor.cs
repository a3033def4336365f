using System.Text;
using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.Day;

// The position in the pages of a day. It checks every page, and it limits their number, because the server decides whether another page
// follows and could go on without end.
internal sealed class PageCursor(string? after = null)
{
    // DynamoDB sends an empty page that is not the last only for requests with a filter, and the library has none. Other engines may send
    // one at the end of a partition.
    public const int MaxEmptyPages = 100;

    // Every page but the last has 1 MB, so the limit is 10 GB for one day. That is millions of items, more than a process could hold.
    public const int MaxPages = 10_000;

    private int _pages;
    private int _emptyPages;

    public string? After { get; private set; } = after;

    public bool IsAtEnd { get; private set; }

    // Returns null if the page can follow the pages before it, and otherwise the reason why it cannot.
    public TableFault? Advance(PageReply page)
    {
        if (page.Fault is not null)
        {
            return page.Fault;
        }

        if (page.Next is not null && (!IsAfter(page.Next) || Encoding.UTF8.GetByteCount(page.Next) > Schema.MaxSortKeyBytes))
        {
            return InvalidPage("LastEvaluatedKeyLeadsNowhere");
        }

        if (page.Header is not null && !IsWithin(RecordKeys.Header, page.Next))
        {
            return InvalidPage("RecordOutsidePage");
        }

        if (!AreAscending(page.Items))
        {
            return InvalidPage("RecordsOutOfOrder");
        }

        // Ids and their keys have the same order, and the items ascend, so it is enough to check the first and the last one.
        if (page.Items is [{ Id: var first }, ..] && !(IsWithin(RecordKeys.Item(first), page.Next) && IsWithin(RecordKeys.Item(page.Items[^1].Id), page.Next)))
        {
            return InvalidPage("RecordOutsidePage");
        }

        bool isEmpty = page.Items.Count == 0 && page.Header is null && page.UnknownRecords == 0;
        _emptyPages = isEmpty ? _emptyPages + 1 : 0;
        _pages++;
        (After, IsAtEnd) = (page.Next, page.Next is null);
        return (IsAtEnd, _emptyPages, _pages) switch
        {
            (true, _, _) => null,
            (_, >= MaxEmptyPages, _) => InvalidPage("TooManyEmptyPages"),
            (_, _, >= MaxPages) => InvalidPage("TooManyPages"),
            _ => null,
        };
    }

    private static bool AreAscending(IReadOnlyList<ItemRecord> items)
    {
        for (int index = 1; index < items.Count; index++)
        {
            if (items[index].Id <= items[index - 1].Id)
            {
                return false;
            }
        }

        return true;
    }

    private bool IsAfter(string key) => After is null || string.CompareOrdinal(key, After) > 0;

    private bool IsWithin(string key, string? last) => IsAfter(key) && (last is null || string.CompareOrdinal(key, last) <= 0);

    private static TableFault InvalidPage(string code) => new(FaultKind.InvalidResponse, code);
}
