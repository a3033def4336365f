using DigestStore.Records;
using DigestStore.Resilience;
using DigestStore.Table;

namespace DigestStore.Day;

// All pages of a day, in key order; never a silently short list.
internal static class DayPages
{
    // Null, or why the pages could not be read to the last.
    public static async Task<TableFault?> ReadAllAsync(TableGateway gateway, Partition partition, bool consistent, Action<PageReply> onPage)
    {
        var cursor = new PageCursor();

        // Ends: the cursor refuses what does not lead on, and more pages than a day can have.
        while (!cursor.IsAtEnd)
        {
            PageReply page = await gateway.QueryAsync(PageRequest.OfDay(partition, cursor.After, consistent)).ConfigureAwait(false);
            if (cursor.Advance(page) is { } fault)
            {
                return fault;
            }

            onPage(page);
        }

        return null;
    }
}
