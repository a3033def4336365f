using DigestStore.Telemetry;

namespace DigestStore.CloudWatch;

// What the metrics for CloudWatch need to know about the library's instruments. docs/telemetry.md lists all of them.
internal static class StoreTags
{
    public const string Table = "table";
    public const string Outcome = "outcome";

    public const string StoreItems = "digeststore.store.items";
    public const string DeadLetters = "digeststore.dead_letters";
    public const string DeliveryAttempts = "digeststore.delivery.attempts";

    public static readonly string[] StoreOutcomes = [.. Enum.GetValues<DigestItemOutcome>().Select(TagValues.Of)];
    public static readonly string[] LetterOutcomes = ["kept", "lost"];
    public static readonly string[] DeliveryOutcomes = [.. Enum.GetValues<DeliveryOutcome>().Select(TagValues.Of)];

    // If anything was measured for a table in an interval, and one of these counters was not, a zero is written for the counter and the table.
    public static readonly TrackedInstrument[] AlwaysCounted =
    [
        new("digeststore.requests", "Count", IsCounter: true),
        new("digeststore.requests.late", "Count", IsCounter: true),
        new("digeststore.retries", "Count", IsCounter: true),
    ];

    // If a store call was made for the table in the interval, the same holds for these counters.
    public static readonly TrackedInstrument[] CountedWithStores = [new("digeststore.quality.defects", "Count", IsCounter: true)];

    // A sum of read and write units has no meaning, and neither has a sum of items with a summary and items with an author.
    public static bool HasTotal(string metric) => metric is not ("digeststore.consumed_capacity" or "digeststore.quality.fields");

    public static bool IsTable(string tag) => tag is Table or "db.collection.name";

    public static bool IsOperation(string tag) => tag is "operation" or "db.operation.name";

    // A table is in one kind of database, so as a dimension this tag would only be one more name for an alarm to list.
    public static bool IsDatabaseSystem(string tag) => tag == "db.system.name";

    public static bool IsReserved(string name) =>
        name is "_aws" or Outcome or "status" or "reason" or "field" or "error.type" || IsTable(name) || IsOperation(name) || IsDatabaseSystem(name);
}
