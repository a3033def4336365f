using DigestStore.Records;

namespace DigestStore.Storing;

// Step 5 of StoreOperation. A batch keeps DynamoDB's limits on the number of items and on the bytes of a request.
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

    public static int UnitsOf(List<PendingItem> batch)
    {
        int units = 0;
        foreach (PendingItem item in batch)
        {
            units += item.CapacityUnits;
        }

        return units;
    }
}
