using System.Text.Json.Serialization;

namespace DigestStore;

/// <summary>How a check of <see cref="DigestTableDoctor"/> ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DigestTableCheckStatus>))]
public enum DigestTableCheckStatus
{
    /// <summary>As it should be.</summary>
    [JsonStringEnumMemberName("ok")]
    Ok = 0,

    /// <summary>It works, but something is not as it should be in production.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning = 1,

    /// <summary>Something does not work, data may be lost for good, or the question could not be asked: it was denied, or no answer came.</summary>
    [JsonStringEnumMemberName("problem")]
    Problem = 2,

    /// <summary>It could not be checked: a local engine does not support the operation, or another check reports the cause.</summary>
    [JsonStringEnumMemberName("not-known")]
    NotKnown = 3,
}
