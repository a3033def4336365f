using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Records;

// The attributes of the header that the program writes that delivers the email, other than the status.
internal static class DeliveryAttributes
{
    // A store call that replaces an expired header removes these attributes. A fencing token must never be one of them, since it may only
    // grow.
    public static IReadOnlyList<string> Cleared { get; } = [N.DeliveredAt];
}
