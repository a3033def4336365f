using DigestStore.Records;

namespace DigestStore.Storing;

// Step 5: the next batch from what is left, within DynamoDB's limits of items and of bytes on the wire.
internal static class BatchPacker
{
    public static List<PendingItem> Take(Queue<PendingItem> left, int maxItems, int maxBytes = Schema.MaxRequestBytes)
    {
        var batch = new List<PendingItem>(Math.Min(maxItems, left.Count));
        long bytes = 0;
        while (batch.Count < maxItems && left.TryPeek(out PendingItem? next) && (batch.Count == 0 || bytes + next.WireBytes <= maxBytes))
        {
            bytes += next.WireBytes;
            batch.Add(left.Dequeue());
        }

        return batch;
    }
}
