using DigestStore.Records;
using DigestStore.Resilience;
using DigestStore.Table;

namespace DigestStore.Day;

// Reads the remaining pages of a day for as long as that costs less than looking up the ids that are still unknown. Ids are hashes, which
// are spread evenly. So the last id of the pages that were read tells which part of the day they are.
internal static class RemainingPages
{
    // A page has 1 MB, and a consistent read costs one unit for each 4 KB:
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
    private const double UnitsPerPage = 256;

    private static readonly double AllIds = Math.Pow(2, 128);

    // Takes out of unknown the ids that the pages have settled. Only records that were asked for are handed on, so that a long day takes no
    // more memory than a short one.
    public static async Task<TableFault?> ReadAsync(TableGateway gateway, Partition partition, DigestItemId first, int itemsBefore, List<DigestItemId> unknown, Action<ItemRecord> onFound)
    {
        DigestItemId last = first;
        DigestItemId[] beyond = Beyond(first, unknown);
        int lookups = LookupsFor(beyond.Length);
        (int passed, int pages, int items) = (0, 1, itemsBefore);
        var cursor = new PageCursor(RecordKeys.Item(first));

        // The loop ends with the day, or after as many pages as there would have been look-ups.
        while (!cursor.IsAtEnd && pages <= lookups && AreCheaper(last, pages, items, beyond.Length - passed))
        {
            PageReply page = await gateway.QueryAsync(PageRequest.OfDay(partition, cursor.After, consistent: true)).ConfigureAwait(false);
            if (cursor.Advance(page) is { } fault)
            {
                return fault;
            }

            (pages, items) = (pages + 1, items + page.Items.Count);
            foreach (ItemRecord record in page.Items)
            {
                if (Array.BinarySearch(beyond, record.Id) >= 0)
                {
                    onFound(record);
                }
            }

            if (!cursor.IsAtEnd && !RecordKeys.TryParseItem(cursor.After, out last))
            {
                break;
            }

            while (passed < beyond.Length && beyond[passed] <= last)
            {
                passed++;
            }
        }

        // An id in the part that was read is known: if no page had its record, there is none.
        unknown.RemoveAll(id => id > first && (cursor.IsAtEnd || id <= last));
        return null;
    }

    public static bool AreCheaper(DigestItemId last, int pagesRead, int itemsRead, int unknown)
    {
        double share = (double)last.Value / AllIds;
        if (share <= 0 || itemsRead == 0)
        {
            return false;
        }

        // A look-up pays for each item by itself, rounded up to whole units.
        double unitsPerItem = Math.Ceiling(UnitsPerPage * pagesRead / itemsRead);
        double pages = pagesRead * (1 - share) / share;
        return Math.Ceiling(pages) <= LookupsFor(unknown) && pages * UnitsPerPage <= unknown * unitsPerItem;
    }

    private static DigestItemId[] Beyond(DigestItemId first, List<DigestItemId> unknown)
    {
        var beyond = new DigestItemId[unknown.Count];
        int count = 0;
        foreach (DigestItemId id in unknown)
        {
            if (id > first)
            {
                beyond[count++] = id;
            }
        }

        beyond = count == beyond.Length ? beyond : beyond[..count];
        Array.Sort(beyond);
        return beyond;
    }

    private static int LookupsFor(int ids) => (ids + Schema.MaxBatchGetKeys - 1) / Schema.MaxBatchGetKeys;
}
