using DigestStore.Records;
using DigestStore.Resilience;
using DigestStore.Table;

namespace DigestStore.Day;

// Reads all pages of a range as raw records. If a page cannot be read, the answer has its fault.
internal static class RecordPages
{
    public static async Task<(List<StoredRecord> Records, TableFault? Fault, string Operation)> ReadAllAsync(TableGateway gateway, PageRequest first, Action? onPage = null)
    {
        var cursor = new RangeCursor(first);
        var records = new List<StoredRecord>();
        string operation = "";

        // The loop ends, because the cursor limits the number of pages.
        while (!cursor.IsAtEnd)
        {
            PageReply page = await gateway.QueryAsync(cursor.Request).ConfigureAwait(false);
            operation = page.Operation;
            if (cursor.Advance(page) is { } fault)
            {
                return (records, fault, operation);
            }

            records.AddRange(page.Records);
            onPage?.Invoke();
        }

        return (records, null, operation);
    }
}
