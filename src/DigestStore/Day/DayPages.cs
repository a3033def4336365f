using DigestStore.Records;
using DigestStore.Resilience;
using DigestStore.Table;

namespace DigestStore.Day;

// Reads all pages of a day in the order of their keys. If a page cannot be read, the result is a reply with the fault and never a shorter list.
internal static class DayPages
{
    // Returns null if all pages were read.
    public static async Task<PageReply?> ReadAllAsync(TableGateway gateway, Partition partition, bool consistent, Action<PageReply> onPage)
    {
        var cursor = new PageCursor();

        // The loop ends, because the cursor refuses a page that does not advance and more pages than a day can have.
        while (!cursor.IsAtEnd)
        {
            PageReply page = await gateway.QueryAsync(PageRequest.OfDay(partition, cursor.After, consistent)).ConfigureAwait(false);
            if (cursor.Advance(page) is { } fault)
            {
                return new PageReply { Fault = fault };
            }

            onPage(page);
        }

        return null;
    }
}
