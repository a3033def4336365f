using System.Text.Json.Serialization;

namespace DigestStore;

/// <summary>What became of one change of a day's delivery.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeliveryChangeOutcome>))]
public enum DeliveryChangeOutcome
{
    /// <summary>It is recorded.</summary>
    Recorded = 0,

    /// <summary>Another sender has the lease by now, so nothing was changed.</summary>
    TakenOver = 1,

    /// <summary>The status of the day does not allow it, so nothing was changed.</summary>
    Refused = 2,

    /// <summary>The table did not answer, or was not asked. It may be recorded all the same, and it is safe to try again.</summary>
    NotRecorded = 3,
}
