using DigestStore.Telemetry;

namespace DigestStore.CloudWatch;

// What the composer needs to know about the store's instruments; docs/telemetry.md has all of them.
internal static class StoreTags
{
    public const string Table = "table";
    public const string Outcome = "outcome";

    public const string StoreItems = "digeststore.store.items";
    public const string DeadLetters = "digeststore.dead_letters";

    public static readonly string[] StoreOutcomes = [.. Enum.GetValues<DigestItemOutcome>().Select(TagValues.Of)];
    public static readonly string[] LetterOutcomes = ["kept", "lost"];

    // Counters whose total a table has in every interval in which anything was measured for it.
    public static readonly TrackedInstrument[] AlwaysCounted =
    [
        new("digeststore.requests", "Count", IsCounter: true),
        new("digeststore.requests.late", "Count", IsCounter: true),
        new("digeststore.retries", "Count", IsCounter: true),
    ];

    // And those that it has whenever something was stored.
    public static readonly TrackedInstrument[] CountedWithStores = [new("digeststore.quality.defects", "Count", IsCounter: true)];

    // Read and write units have no common sum; nor do the items with a summary, an author, a source.
    public static bool HasTotal(string metric) => metric is not ("digeststore.consumed_capacity" or "digeststore.quality.fields");

    public static bool IsTable(string tag) => tag is Table or "db.collection.name";

    public static bool IsOperation(string tag) => tag is "operation" or "db.operation.name";

    // The same for every measurement: as a dimension it would only be one more thing for an alarm to name.
    public static bool IsConstant(string tag) => tag == "db.system.name";

    public static bool IsReserved(string name) =>
        name is "_aws" or Outcome or "status" or "reason" or "field" or "error.type" || IsTable(name) || IsOperation(name) || IsConstant(name);
}
