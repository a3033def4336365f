using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Records;

// The attributes of the header that the delivery writes, other than the status.
internal static class DeliveryAttributes
{
    // A store that replaces an expired header removes these attributes. A fencing token must never be one of them, since it may only grow.
    public static IReadOnlyList<string> Cleared { get; } = [N.DeliveredAt];
}
