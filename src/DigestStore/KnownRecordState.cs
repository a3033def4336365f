using System.Text.Json.Serialization;

namespace DigestStore;

/// <summary>Whether a store call found a record for a web page.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<KnownRecordState>))]
public enum KnownRecordState
{
    /// <summary>It is not known whether there was a record.</summary>
    Unknown = 0,

    /// <summary>There was no record, or an expired one.</summary>
    Absent = 1,

    /// <summary>There was a record.</summary>
    Present = 2,
}
