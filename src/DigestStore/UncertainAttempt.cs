using System.Text.Json.Serialization;

namespace DigestStore;

/// <summary>What to do with a day whose email may have been accepted in an earlier attempt, though nobody knows.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<UncertainAttempt>))]
public enum UncertainAttempt
{
    /// <summary>Send it again, with the same message id. A reader may get the email twice.</summary>
    Resend = 0,

    /// <summary>Do not send it. The day ends as <see cref="DeliveryStatus.Abandoned"/>, and its items count as sent. A reader may get no email.</summary>
    Skip = 1,

    /// <summary>Do not send it, and throw a <see cref="DeliveryFailedException"/>, so that somebody decides.</summary>
    Throw = 2,
}
