using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Records;

// What the header says of the delivery, beside its status.
internal static class DeliveryAttributes
{
    // They go when an expired header begins anew. The fence will be none of them: it never goes back.
    public static IReadOnlyList<string> Cleared { get; } = [N.DeliveredAt];
}
