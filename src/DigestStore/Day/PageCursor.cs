using System.Text;
using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.Day;

// Where the pages of a day have come to. Whoever answers decides how many follow, so that is bounded here.
internal sealed class PageCursor(string? after = null)
{
    // DynamoDB answers an empty page that is not the last only for a filter, which no request has; other engines may do it at an edge.
    public const int MaxEmptyPages = 100;

    // A page that is not the last has 1 MB, so this is 10 GB of one day: millions of items, and more than a process could hold.
    public const int MaxPages = 10_000;

    private int _pages;
    private int _emptyPages;

    public string? After { get; private set; } = after;

    public bool IsAtEnd { get; private set; }

    // Null, or why this page is not one that could follow the pages before it.
    public TableFault? Advance(PageReply page)
    {
        if (page.Fault is not null)
        {
            return page.Fault;
        }

        if (page.Next is not null && (!IsAfter(page.Next) || Encoding.UTF8.GetByteCount(page.Next) > Schema.MaxSortKeyBytes))
        {
            return Lie("LastEvaluatedKeyLeadsNowhere");
        }

        if (page.Header is not null && !IsWithin(RecordKeys.Header, page.Next))
        {
            return Lie("RecordOutsidePage");
        }

        if (!AreAscending(page.Items))
        {
            return Lie("RecordsOutOfOrder");
        }

        // Ids are ordered as their keys are, so the first and the last tell of all.
        if (page.Items is [{ Id: var first }, ..] && !(IsWithin(RecordKeys.Item(first), page.Next) && IsWithin(RecordKeys.Item(page.Items[^1].Id), page.Next)))
        {
            return Lie("RecordOutsidePage");
        }

        bool isEmpty = page.Items.Count == 0 && page.Header is null && page.Strangers == 0;
        _emptyPages = isEmpty ? _emptyPages + 1 : 0;
        _pages++;
        (After, IsAtEnd) = (page.Next, page.Next is null);
        return (IsAtEnd, _emptyPages, _pages) switch
        {
            (true, _, _) => null,
            (_, >= MaxEmptyPages, _) => Lie("TooManyEmptyPages"),
            (_, _, >= MaxPages) => Lie("TooManyPages"),
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

    private static TableFault Lie(string code) => new(FaultKind.InvalidResponse, code);
}
