using DigestStore.Resilience;
using DigestStore.Table;

namespace DigestStore.Reading;

// All pages of a day, in key order; never a silently short list.
internal static class DayPages
{
    // Null, or why the pages could not be read to the last.
    public static async Task<TableFault?> ReadAllAsync(TableGateway gateway, Partition partition, bool consistent, Action<PageReply> onPage)
    {
        string? after = null;
        while (true)
        {
            PageReply page = await gateway.QueryAsync(new PageRequest(partition, after, consistent)).ConfigureAwait(false);
            if (page.Fault is not null)
            {
                return page.Fault;
            }

            onPage(page);
            if (page.Next is null)
            {
                return null;
            }

            if (!Advances(after, page.Next))
            {
                return NoProgress;
            }

            after = page.Next;
        }
    }

    // A key that does not come after the one before would be asked for for ever.
    public static bool Advances(string? after, string next) => after is null || string.CompareOrdinal(next, after) > 0;

    public static TableFault NoProgress { get; } = new(FaultKind.InvalidResponse, "LastEvaluatedKeyRepeats");
}
