using System.Text.Json.Serialization;

namespace DigestStore;

/// <summary>What is known about an email that was not sent as it should.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeliveryFailureKind>))]
public enum DeliveryFailureKind
{
    /// <summary>It is known that the email was not accepted. A later attempt may succeed.</summary>
    Retry = 0,

    /// <summary>It is known that the email was not accepted, and that no attempt will help. The day is given up.</summary>
    Permanent = 1,

    /// <summary>Nobody knows whether the email was accepted. Its items count as sent, and a later attempt is told that it repeats one.</summary>
    Uncertain = 2,
}
