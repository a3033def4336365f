using DigestStore.Records;

namespace DigestStore.Storing;

// Step 5 of StoreOperation. A batch keeps DynamoDB's limits on the number of items and on the bytes of a request.
internal static class BatchPacker
{
    public static List<PendingItem> Take(Queue<PendingItem> left, int maxItems, int maxBytes = Schema.MaxRequestBytes) =>
        Take(left, static item => item.WireBytes, maxItems, maxBytes);

    public static List<T> Take<T>(Queue<T> left, Func<T, long> wireBytesOf, int maxItems, int maxBytes = Schema.MaxRequestBytes)
    {
        var batch = new List<T>(Math.Min(maxItems, left.Count));
        long bytes = 0;
        while (batch.Count < maxItems && left.TryPeek(out T? next))
        {
            bytes += wireBytesOf(next);
            if (batch.Count > 0 && bytes > maxBytes)
            {
                break;
            }

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
