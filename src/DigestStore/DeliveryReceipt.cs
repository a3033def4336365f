using DigestStore.Delivery;

namespace DigestStore;

/// <summary>That an email was accepted.</summary>
public sealed record DeliveryReceipt
{
    /// <summary>The id that the mail server or the provider gave the message.</summary>
    /// <value>
    /// Default <see langword="null"/>: the id of the attempt. It is kept with the day; at most 128 bytes of printable ASCII, and what is more or other is cut off or becomes
    /// a space, because an email that has gone out is no reason to fail.
    /// </value>
    public string? MessageId { get; init => field = DeliveryRules.Cut(value, DeliveryRules.MaxMessageIdBytes); }

    /// <summary>How many items the email contains.</summary>
    /// <value>Default <see langword="null"/>: as many as were handed in to be sent.</value>
    public int? SentCount { get; init; }
}
