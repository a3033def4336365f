namespace DigestStore;

/// <summary>What has become of the email of a day.</summary>
/// <remarks>A store does not change it, except that it begins a day anew that has expired or was deleted.</remarks>
public enum DeliveryStatus
{
    /// <summary>Nobody has begun to send it. An application that does not use <c>IDigestDelivery</c> leaves its days like this.</summary>
    Pending = 0,

    /// <summary>A sender holds the lease of the day, or held it and ended without saying what became of the email.</summary>
    Sending = 1,

    /// <summary>The email was sent.</summary>
    Delivered = 2,

    /// <summary>An attempt has failed, or ended without anybody knowing whether the email was accepted. A later attempt may try again.</summary>
    Failed = 3,

    /// <summary>No attempt will be made any more: the last one failed for good, all attempts are used up, or an operator decided so.</summary>
    Abandoned = 4,

    /// <summary>The day is being deleted, and nobody may send it.</summary>
    Deleting = 5,

    /// <summary>The day was deleted. The next store of the day begins it anew.</summary>
    Deleted = 6,
}
