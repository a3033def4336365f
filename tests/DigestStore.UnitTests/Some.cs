using System.Diagnostics.Metrics;
using Amazon.DynamoDBv2.Model;
using DigestStore.Calls;
using DigestStore.Configuration;
using DigestStore.Identity;
using DigestStore.Records;
using DigestStore.Resilience;
using DigestStore.Storing;
using DigestStore.Table;
using DigestStore.Telemetry;

namespace DigestStore.UnitTests;

// What most tests need one of.
internal static class Some
{
    public static DateOnly Date { get; } = new(2026, 11, 21);

    public static Partition Partition { get; } = new("digests", "daily", Date);

    public static DigestItem Item(int number = 0) => new() { Url = $"https://example.com/{number}", Title = $"Item {number}" };

    public static List<DigestItem> Items(int count, int from = 0) => [.. Enumerable.Range(from, count).Select(Item)];

    public static async IAsyncEnumerable<DigestItem> Stream(IEnumerable<DigestItem> items)
    {
        foreach (DigestItem item in items)
        {
            await Task.Yield();
            yield return item;
        }
    }

    public static CleanItem Clean(DigestItem item) =>
        ItemValidator.TryValidate(item, IdentityRuleSet.Default, "daily", out CleanItem? clean, out _, out StoreProblemReason defect)
            ? clean
            : throw new ArgumentException($"Not a valid item: {defect}.", nameof(item));

    public static StoreProblemReason? Defect(DigestItem? item) =>
        ItemValidator.TryValidate(item, IdentityRuleSet.Default, "daily", out _, out _, out StoreProblemReason defect) ? null : defect;

    public static DigestItemId Id(int number) => Id(Item(number).Url);

    public static DigestItemId Id(string url) => DigestItemId.Create(url);

    public static PendingItem Pending(int index, DigestItem? item = null) => Pending(index, Clean(item ?? Item(index)));

    public static PendingItem Pending(int index, CleanItem clean)
    {
        int size = ItemSize.Of(clean, "daily");
        return new PendingItem
        {
            Index = index,
            FirstIndex = index,
            Id = DigestItemId.FromCanonical(clean.CanonicalUrl),
            Content = clean,
            Size = size,
            WireBytes = WireSize.Of(clean, size, null),
            OutcomeWhenStored = DigestItemOutcome.Inserted,
            Write = Write(clean),
        };
    }

    public static ItemWrite Write(CleanItem clean, DateTimeOffset? expiresAt = null, int revision = 1, int ordinal = 0, UnknownAttributes? unknown = null) => new()
    {
        Id = DigestItemId.FromCanonical(clean.CanonicalUrl),
        Content = clean,
        CreatedAt = FixedClock.Start,
        UpdatedAt = FixedClock.Start,
        Revision = revision,
        Ordinal = ordinal,
        ExpiresAt = expiresAt,
        Unknown = unknown,
    };

    public static ItemRecord Read(Dictionary<string, AttributeValue> attributes) => ItemReader.Read(Id(0), Date, attributes);

    public static DigestStoreOptions Options(Action<DigestStoreOptions>? change = null)
    {
        var options = new DigestStoreOptions();
        change?.Invoke(options);
        return options;
    }

    public static StoreSettings Settings(Action<DigestStoreOptions>? change = null, TimeProvider? time = null) =>
        StoreSettings.From(Options(change));

    public static TableGateway Gateway(IDigestTable table, CallScope scope, Action<DigestStoreOptions>? change = null, IMeterFactory? meters = null) =>
        Gateway(new OpenedTable(table), scope, change, meters);

    public static TableGateway Gateway(OpenedTable table, CallScope scope, Action<DigestStoreOptions>? change = null, IMeterFactory? meters = null)
    {
        StoreSettings settings = Settings(change, scope.Time);
        return new TableGateway(table, scope, settings, new CircuitBreaker(scope.Time), new Instruments(meters));
    }

    public static StoreContext Context(CallScope scope, StoreLedger? ledger = null, Action<DigestStoreOptions>? change = null) =>
        new(Settings(change), Partition, scope, ledger ?? new StoreLedger(1_000), new StoreTelemetry(null, null), "correlation");

    public static CallScope Scope(TimeProvider? time = null, TimeSpan? deadline = null, CancellationToken caller = default) =>
        new(time ?? new FixedClock(), deadline ?? TimeSpan.FromSeconds(25), caller);

    public static DigestRepository Repository(TableDouble table, Action<DigestStoreOptions>? change = null, TimeProvider? time = null)
    {
        DigestStoreOptions options = Options(change);
        return new DigestRepository(table.ToSource(), () => options, new DigestStoreServices { TimeProvider = time ?? new FixedClock { Hurry = TimeSpan.FromSeconds(2) } });
    }

    public static TableFault Fault(FaultKind kind, int status = 0) => new(kind, kind + "Exception", status);
}
