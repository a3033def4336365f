using System.Text.Json.Serialization;

namespace EmailDigest.Output;

/// <summary>What a store found in the table: a first store writes everything, a repetition reads and writes nothing.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StoreKind>))]
internal enum StoreKind
{
    NothingStored,
    First,
    Repeated,
    Mixed,
}
