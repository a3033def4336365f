using System.Text.Json.Serialization;

namespace DigestStore;

/// <summary>Whether a lease was granted, or why not.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeliveryLeaseOutcome>))]
public enum DeliveryLeaseOutcome
{
    /// <summary>The caller holds the lease and may send.</summary>
    Granted = 0,

    /// <summary>The email of the day was sent already.</summary>
    AlreadyDelivered = 1,

    /// <summary>Another sender holds the lease.</summary>
    HeldByAnother = 2,

    /// <summary>The day was given up: it failed for good, its attempts are used up, or an operator decided so.</summary>
    GaveUp = 3,

    /// <summary>The day was deleted, or is being deleted.</summary>
    Deleted = 4,

    /// <summary>The table did not answer, or its answer cannot be used. The caller may send, but nothing keeps others from doing so too.</summary>
    Unprotected = 5,

    /// <summary>The store is switched off. The caller may send, but nothing keeps others from doing so too, and nothing is recorded.</summary>
    Disabled = 6,
}
