using System.Globalization;

namespace DigestStore.Benchmarks.Peers;

/// <summary>The update of the day's header with which DigestStore ends a store, as a text that one would write by hand.</summary>
internal sealed record HeaderUpdate(string Digest, string Day, string Now, string RunId, int Ordinals, int Inserted)
{
    public const string Changes =
        "SET #date = :0, #v = :1, #lastStoreStatus = :2, #storedAt = :3, #lastRunId = :4, #correlationId = :4, #idRules = :5, " +
        "#status = if_not_exists(#status, :6), #gsi1pk = if_not_exists(#gsi1pk, :7), #gsi1sk = :0 REMOVE #expiresAt ADD #runs :1, #nextOrdinal :8, #inserted :9";

    public const string Condition = "(#lastRunId <> :4 AND (attribute_not_exists(#v) OR #v <= :1) AND #status <> :10)";

    public static readonly string[] Names =
    [
        "date", "v", "lastStoreStatus", "storedAt", "lastRunId", "correlationId", "idRules", "status", "gsi1pk", "gsi1sk", "expiresAt", "runs", "nextOrdinal",
        "inserted",
    ];

    /// <summary>The values of :0, :1 and so on, each with its type.</summary>
    public (string Type, string Value)[] Values() =>
    [
        ("S", Day), ("N", "1"), ("S", "stored"), ("S", Now), ("S", RunId), ("S", "1"), ("S", "pending"), ("S", $"STATUS#{Digest}#pending"),
        ("N", Ordinals.ToString(CultureInfo.InvariantCulture)), ("N", Inserted.ToString(CultureInfo.InvariantCulture)), ("S", "deleted"),
    ];
}
