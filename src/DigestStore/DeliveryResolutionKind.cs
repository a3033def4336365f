using System.Text.Json.Serialization;

namespace DigestStore;

/// <summary>What an operator has found out or decided about the email of a day.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeliveryResolutionKind>))]
public enum DeliveryResolutionKind
{
    /// <summary>Let it be tried again, with as many attempts as at first. For a day that has failed or was given up, or whose sender was killed.</summary>
    Retry = 0,

    /// <summary>The email is known to have gone out.</summary>
    MarkDelivered = 1,

    /// <summary>Do not try again.</summary>
    Abandon = 2,

    /// <summary>
    /// The email is known not to have gone out. The links of the last attempt count as sent no longer, and the day can be sent again without being a repeat. It is never recorded while a sender
    /// holds the lease.
    /// </summary>
    MarkUnsent = 3,
}
