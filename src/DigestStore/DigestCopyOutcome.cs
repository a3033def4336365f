using System.Text.Json.Serialization;

namespace DigestStore;

/// <summary>What became of one day of a copy.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DigestCopyOutcome>))]
public enum DigestCopyOutcome
{
    /// <summary>The target has all that the source has. Something was written, and was read back.</summary>
    Copied = 0,

    /// <summary>The target had all of it before, so nothing was written.</summary>
    AlreadyEqual = 1,

    /// <summary>The target has kept something of its own; <see cref="DigestCopyDay.KeptBecause"/> says why. All else is equal, or was copied and read back.</summary>
    Kept = 2,

    /// <summary>The target lacks something, and the stores were only compared.</summary>
    Different = 3,

    /// <summary>The day could not be read, or not all of it is known to have been written. What was written stays; copying the day again goes on from there.</summary>
    Failed = 4,
}
