using Amazon.DynamoDBv2.Model;
using DigestStore.Records;
using DigestStore.Testing;

namespace DigestStore.UnitTests.Copying;

// Two stores in memory with one clock, and what is in them.
internal sealed class CopyDesk
{
    public CopyDesk() => (From, To) = (Some.Repository(Source, time: Clock), Some.Repository(Target, time: Clock));

    public FixedClock Clock { get; } = new() { Hurry = TimeSpan.FromSeconds(2) };

    public TableDouble Source { get; } = new();

    public TableDouble Target { get; } = new();

    public DigestRepository From { get; }

    public DigestRepository To { get; }

    public static string PartitionKey => RecordKeys.Partition("daily", Some.Date);

    public Task<DigestCopyResult> CopyAsync(int days = 1, DigestCopyOptions? options = null, CancellationToken cancellationToken = default) =>
        DigestCopy.RunAsync(From, To, Some.Date, Some.Date.AddDays(days - 1), options, cancellationToken == default ? TestContext.Current.CancellationToken : cancellationToken);

    public async Task<DigestCopyDay> CopyDayAsync() => Assert.Single((await CopyAsync()).Days);

    public static async Task StoreAsync(DigestRepository store, IReadOnlyCollection<DigestItem> items, int day = 0)
    {
        StoreResult result = await store.StoreAsync(Some.Date.AddDays(day), items, cancellationToken: TestContext.Current.CancellationToken);
        result.EnsureStored();
    }

    public static async Task<DeliveryResult> DeliverAsync(DigestRepository store, IReadOnlyCollection<DigestItem> items, Exception? failure = null, Action<DeliveryAttempt>? seen = null) =>
        await store.DeliverAsync(
            Some.Date,
            items,
            (attempt, _) =>
            {
                seen?.Invoke(attempt);
                return failure is null ? Task.FromResult(new DeliveryReceipt()) : Task.FromException<DeliveryReceipt>(failure);
            },
            cancellationToken: TestContext.Current.CancellationToken);

    // All records of the days and of the manifests, by their keys.
    public static SortedDictionary<string, StoredRecord> Records(TableDouble table, int days = 1)
    {
        var all = new SortedDictionary<string, StoredRecord>(StringComparer.Ordinal);
        foreach (string partition in Enumerable.Range(0, days).Select(static day => RecordKeys.Partition("daily", Some.Date.AddDays(day))).Append(RecordKeys.Sent("daily")))
        {
            table.Storage.With("digests", partition, records =>
            {
                foreach ((string sortKey, Dictionary<string, AttributeValue> record) in records)
                {
                    all.Add($"{partition} {sortKey}", new StoredRecord(new RecordKey(partition, sortKey), record));
                }

                return 0;
            });
        }

        return all;
    }

    public static StoredRecord Header(TableDouble table) => Records(table)[$"{PartitionKey} HEADER"];

    public static StoredRecord Item(TableDouble table, int number) => Records(table)[$"{PartitionKey} ITEM#{Some.Id(number)}"];

    public static void Put(TableDouble table, string sortKey, string name, AttributeValue value, string? partitionKey = null) => table.Storage.With("digests", partitionKey ?? PartitionKey, records =>
    {
        Dictionary<string, AttributeValue> record = records.TryGetValue(sortKey, out Dictionary<string, AttributeValue>? there)
            ? new Dictionary<string, AttributeValue>(there, StringComparer.Ordinal)
            : new Dictionary<string, AttributeValue>(StringComparer.Ordinal) { ["pk"] = new() { S = partitionKey ?? PartitionKey }, ["sk"] = new() { S = sortKey } };
        record[name] = value;
        records[sortKey] = record;
        return 0;
    });

    public void AssertEqual(int days = 1)
    {
        SortedDictionary<string, StoredRecord> source = Records(Source, days);
        SortedDictionary<string, StoredRecord> target = Records(Target, days);
        Assert.Equal(source.Keys, target.Keys);
        Assert.All(source, record => Assert.Empty(record.Value.ChangesFrom(target[record.Key])));
    }
}
