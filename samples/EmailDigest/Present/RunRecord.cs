using System.Text.Json.Serialization;

namespace EmailDigest.Present;

/// <summary>What a store found in the table: a first store writes everything, a repetition reads and writes nothing.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StoreKind>))]
internal enum StoreKind
{
    NothingStored,
    First,
    Repeated,
    Mixed,
}

/// <summary>What is remembered of a run.</summary>
internal sealed record RunRecord(
    DateTimeOffset Time, string Store, string Status, StoreKind Kind, int Received, double Milliseconds, int Requests, int Retries, int Rejected, int Failed, double Units, string CorrelationId)
{
    public static RunRecord Of(StoreResult result, string store, DateTimeOffset time)
    {
        StoreKind kind = (result.Inserted + result.Updated, result.Unchanged) switch
        {
            (0, 0) => StoreKind.NothingStored,
            (0, _) => StoreKind.Repeated,
            (_, 0) when result.Updated == 0 => StoreKind.First,
            _ => StoreKind.Mixed,
        };
        return new RunRecord(
            time, store, result.Status.ToString(), kind, result.Received, result.Duration.TotalMilliseconds, result.Cost.Requests, result.Cost.Retries,
            result.Rejected, result.Failed, result.Cost.WriteUnits + result.Cost.ReadUnits, result.CorrelationId);
    }
}
