using System.Text.Json.Serialization;

namespace DigestStore;

/// <summary>What became of the email of a day in one call of <see cref="IDigestDelivery.DeliverAsync"/>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeliveryOutcome>))]
public enum DeliveryOutcome
{
    /// <summary>It was sent, and that is recorded.</summary>
    Delivered = 0,

    /// <summary>It was sent, and the status of the day does not say so. A later sender may send it again.</summary>
    DeliveredUnrecorded = 1,

    /// <summary>It was sent before this call.</summary>
    AlreadyDelivered = 2,

    /// <summary>Another sender holds the lease of the day.</summary>
    HeldByAnother = 3,

    /// <summary>The day was given up before this call, or its attempts are used up.</summary>
    GaveUp = 4,

    /// <summary>The day was deleted, or is being deleted.</summary>
    Deleted = 5,

    /// <summary>It was not accepted. A later call may succeed.</summary>
    Failed = 6,

    /// <summary>It was not accepted, and no later call will send it.</summary>
    Abandoned = 7,

    /// <summary>Nobody knows whether it was accepted.</summary>
    Uncertain = 8,

    /// <summary>It was not sent, because an earlier attempt may have been accepted and <see cref="DeliveryOptions.OnUncertain"/> is <see cref="UncertainAttempt.Skip"/>.</summary>
    Skipped = 9,
}
