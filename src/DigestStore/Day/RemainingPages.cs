using DigestStore.Records;
using DigestStore.Resilience;
using DigestStore.Table;

namespace DigestStore.Day;

// Reads the remaining pages of a day as long as that costs less than looking up the ids that are still unknown. Ids are hashes and
// therefore evenly distributed. So the last id that was read tells which share of the day has been read.
internal static class RemainingPages
{
    // A page has 1 MB, and a consistent read costs one unit for each 4 KB:
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
    private const double UnitsPerPage = 256;

    // The number of values of the high bits of an id.
    private static readonly double AllIds = Math.Pow(2, 64);

    // Reads the pages after the given id. Removes from the list of unknown ids those that the pages have answered. Only records with a
    // wanted id are passed on, so that a long day takes no more memory than a short one.
    public static async Task<PageReply?> ReadAsync(TableGateway gateway, Partition partition, DigestItemId after, int itemsBefore, List<DigestItemId> unknown, Action<ItemRecord> onFound)
    {
        DigestItemId last = after;
        DigestItemId[] ids = SortedIdsAfter(after, unknown);
        int lookups = LookupsFor(ids.Length);
        (int settled, int pages, int items) = (0, 1, itemsBefore);
        var cursor = new PageCursor(RecordKeys.Item(after));

        // The loop ends with the last page, or after as many pages as look-ups would have been needed.
        while (!cursor.IsAtEnd && pages <= lookups && AreCheaper(last, pages, items, ids.Length - settled))
        {
            PageReply page = await gateway.QueryAsync(PageRequest.OfDay(partition, cursor.After, consistent: true)).ConfigureAwait(false);
            if (cursor.Advance(page) is { } fault)
            {
                return new PageReply { Fault = fault };
            }

            (pages, items) = (pages + 1, items + page.Items.Count);
            foreach (ItemRecord record in page.Items)
            {
                if (Array.BinarySearch(ids, record.Id) >= 0)
                {
                    onFound(record);
                }
            }

            if (!cursor.IsAtEnd && !RecordKeys.TryParseItem(cursor.After, out last))
            {
                break;
            }

            while (settled < ids.Length && ids[settled] <= last)
            {
                settled++;
            }
        }

        // The answer for every id in the pages that were read is known: if no page had its record, the record does not exist.
        unknown.RemoveAll(id => id > after && (cursor.IsAtEnd || id <= last));
        return null;
    }

    public static bool AreCheaper(DigestItemId last, int pagesRead, int itemsRead, int unknown)
    {
        double share = last.HighBits / AllIds;
        if (share <= 0 || itemsRead == 0)
        {
            return false;
        }

        // A look-up costs each item separately, rounded up to whole units.
        double unitsPerItem = Math.Ceiling(UnitsPerPage * pagesRead / itemsRead);
        double pages = pagesRead * (1 - share) / share;
        return Math.Ceiling(pages) <= LookupsFor(unknown) && pages * UnitsPerPage <= unknown * unitsPerItem;
    }

    private static DigestItemId[] SortedIdsAfter(DigestItemId after, List<DigestItemId> unknown)
    {
        var ids = new DigestItemId[unknown.Count];
        int count = 0;
        foreach (DigestItemId id in unknown)
        {
            if (id > after)
            {
                ids[count++] = id;
            }
        }

        ids = count == ids.Length ? ids : ids[..count];
        Array.Sort(ids);
        return ids;
    }

    private static int LookupsFor(int ids) => (ids + Schema.MaxBatchGetKeys - 1) / Schema.MaxBatchGetKeys;
}
