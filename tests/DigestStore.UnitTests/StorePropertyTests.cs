using Amazon.DynamoDBv2.Model;
using DigestStore.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace DigestStore.UnitTests;

// What holds for every input, over the whole pipeline and a table in memory.
public sealed class StorePropertyTests
{
    [Fact]
    public void Storing_twice_is_storing_once() => Prop.ForAll(
        Generate.NastyItems.ToArbitrary(),
        static items => Run(async () =>
        {
            var storage = new InMemoryDigestStorage();
            await StoreAsync(storage, items);
            string once = Records(storage);
            StoreResult again = await StoreAsync(storage, items);
            return Records(storage) == once && again.Inserted == 0 && again.Updated == 0;
        })).Check(Generate.Sometimes);

    [Fact]
    public void The_order_does_not_change_which_items_are_stored() => Prop.ForAll(
        Generate.NastyItems.ToArbitrary(),
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        static (items, seed) => Run(async () =>
        {
            DigestItem?[] shuffled = [.. items];
            new Random(seed).Shuffle(shuffled);
            return (await IdsAsync(items)).SetEquals(await IdsAsync(shuffled));
        })).Check(Generate.Sometimes);

    [Fact]
    public void Storing_two_parts_of_different_pages_is_storing_both_at_once() => Prop.ForAll(
        Generate.Items.ToArbitrary(),
        Gen.Choose(0, 40).ToArbitrary(),
        static (items, cut) => Run(async () =>
        {
            var whole = new InMemoryDigestStorage();
            await StoreAsync(whole, items);
            var parts = new InMemoryDigestStorage();
            await StoreAsync(parts, items.Take(cut));
            await StoreAsync(parts, items.Skip(cut));
            return Records(whole) == Records(parts);
        })).Check(Generate.Sometimes);

    [Fact]
    public void Every_item_has_one_outcome_and_the_counts_sum_up() => Prop.ForAll(
        Generate.NastyItems.ToArbitrary(),
        Gen.Elements(true, false).ToArbitrary(),
        static (items, streamed) => Run(async () =>
        {
            var storage = new InMemoryDigestStorage();
            StoreResult result = await StoreAsync(storage, items, streamed);
            int[] counts = [result.Inserted, result.Updated, result.Unchanged, result.Duplicates, result.Rejected, result.Failed, result.Skipped];
            HashSet<DigestItemId> ids = [.. items.Where(static item => Some.Defect(item) is null).Select(static item => Some.Id(item!.Url))];
            return result.Received == items.Count && result.Outcomes.Count == items.Count && counts.Sum() == items.Count
                && result.Inserted == ids.Count && result.Failed == 0
                && result.Rejected == items.Count(static item => Some.Defect(item) is not null)
                && result.Problems.Count == Math.Min(100, result.Rejected)
                && result.Status == (items.Count > 0 && result.Rejected == items.Count ? StoreStatus.Failed : StoreStatus.Stored);
        })).Check(Generate.Sometimes);

    [Fact]
    public void The_last_copy_of_a_page_wins_and_the_others_are_duplicates() => Prop.ForAll(
        Generate.NastyItems.ToArbitrary(),
        static items => Run(async () =>
        {
            var storage = new InMemoryDigestStorage();
            StoreResult result = await StoreAsync(storage, items);
            Digest digest = await Repository(storage).GetAsync(Some.Date);
            var last = items.OfType<DigestItem>().Where(static item => Some.Defect(item) is null).GroupBy(static item => Some.Id(item.Url)).ToDictionary(static copies => copies.Key, static copies => copies.Last());
            return digest.Count == last.Count && digest.All(stored => stored.Item == Generate.Cleaned(last[stored.Id]))
                && result.Duplicates == items.Count - result.Rejected - last.Count;
        })).Check(Generate.Sometimes);

    [Fact]
    public void A_stream_leaves_the_same_items_as_a_collection() => Prop.ForAll(
        Generate.NastyItems.ToArbitrary(),
        static items => Run(async () =>
        {
            var collected = new InMemoryDigestStorage();
            var streamed = new InMemoryDigestStorage();
            await StoreAsync(collected, items);
            await StoreAsync(streamed, items, streamed: true);
            return Records(collected) == Records(streamed);
        })).Check(Generate.Sometimes);

    [Fact]
    public void What_is_read_is_what_was_stored_after_the_documented_cleaning_in_its_order() => Prop.ForAll(
        Generate.Items.ToArbitrary(),
        static items => Run(async () =>
        {
            var storage = new InMemoryDigestStorage();
            await StoreAsync(storage, items);
            Digest digest = await Repository(storage).GetAsync(Some.Date);
            return digest.Unreadable == 0 && digest.Select(static stored => stored.Item).SequenceEqual(items.Select(Generate.Cleaned));
        })).Check(Generate.Sometimes);

    [Fact]
    public async Task A_stream_of_many_windows_settles_copies_far_apart()
    {
        var storage = new InMemoryDigestStorage();
        IEnumerable<DigestItem> items = [.. Some.Items(3_000), .. Some.Items(1_000).Select(static item => item with { Title = "Later" })];

        StoreResult result = await Repository(storage, static options => (options.BatchSize, options.MaxConcurrency) = (5, 2)).StoreAsync(Some.Date, Some.Stream(items));

        // What both copies did together: the page is new.
        Assert.Equal((3_000, 0, 1_000, 4_000), (result.Inserted, result.Updated, result.Duplicates, result.Received));
        Assert.Equal(1_000, (await Repository(storage).GetAsync(Some.Date)).Count(static stored => stored.Item.Title == "Later" && stored.Revision == 2));
    }

    private static bool Run(Func<Task<bool>> property) => Task.Run(property).GetAwaiter().GetResult();

    private static async Task<HashSet<DigestItemId>> IdsAsync(IEnumerable<DigestItem?> items)
    {
        var storage = new InMemoryDigestStorage();
        await StoreAsync(storage, items);
        return [.. (await Repository(storage).GetAsync(Some.Date)).Select(static item => item.Id)];
    }

    private static Task<StoreResult> StoreAsync(InMemoryDigestStorage storage, IEnumerable<DigestItem?> items, bool streamed = false) => streamed
        ? Repository(storage).StoreAsync(Some.Date, Some.Stream(items!))
        : Repository(storage).StoreAsync(Some.Date, items!);

    private static InMemoryDigestRepository Repository(InMemoryDigestStorage storage, Action<DigestStoreOptions>? change = null) =>
        new(Some.Options(change), storage, new DigestStoreServices { TimeProvider = new FixedClock() });

    // The items of the day; the header counts runs and is no part of the digest.
    private static string Records(InMemoryDigestStorage storage) => storage.With(
        "digests",
        Some.Partition.Key,
        static records => string.Join('\n', records.Where(static record => record.Key != "HEADER").Select(static record =>
            record.Key + ": " + string.Join("; ", record.Value.OrderBy(static attribute => attribute.Key, StringComparer.Ordinal).Select(static attribute => attribute.Key + "=" + Text(attribute.Value))))));

    private static string Text(AttributeValue value) =>
        value.IsLSet ? string.Join(',', value.L.Select(Text))
        : value.IsMSet ? string.Join(',', value.M.OrderBy(static member => member.Key, StringComparer.Ordinal).Select(static member => member.Key + ":" + Text(member.Value)))
        : value.S ?? value.N;
}
