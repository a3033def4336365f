namespace DigestStore;

/// <summary>That the email of a day went out, or may have gone out, though it could not be recorded, kept in a <see cref="DeadLetter"/> to be recorded later.</summary>
public sealed record DeliveryLetter
{
    /// <summary>The token of the sender's lease, which the table may know.</summary>
    public required string Token { get; init; }

    /// <summary>The id of the message.</summary>
    public required string MessageId { get; init; }

    /// <summary>Whether nobody knows if the email was accepted. A replay then remembers its links, and does not mark the day as delivered.</summary>
    /// <value>Default <see langword="false"/>.</value>
    public bool IsUncertain { get; init; }

    /// <summary>When the email was accepted, or may have been.</summary>
    public required DateTimeOffset DeliveredAt { get; init; }

    /// <summary>How many items the email contained.</summary>
    /// <value>Default <see langword="null"/>: the sender did not say.</value>
    public int? SentCount { get; init; }

    /// <summary>The URLs of its items, which are remembered as sent on that day.</summary>
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>Who sent it.</summary>
    public required string Owner { get; init; }
}
