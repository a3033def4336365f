using System.Globalization;
using DigestStore.Calls;
using DigestStore.Manifests;
using DigestStore.Records;
using DigestStore.Table;
using DigestStore.Testing;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.UnitTests.History;

public sealed class SentFinderTests
{
    private readonly TableDouble _table = new();
    private readonly FixedClock _clock = new() { Hurry = TimeSpan.FromSeconds(2) };

    // The options name a longer MaxLookback, and are invalid for another reason. Nobody can know that, and the email must not wait for it.
    [Fact]
    public async Task While_no_options_are_valid_any_number_of_days_is_asked_for_and_all_items_are_fresh()
    {
        using var repository = new DigestRepository(_table.ToSource(), static () => new DigestStoreOptions { BatchSize = 0, MaxLookback = TimeSpan.FromDays(800) }, new DigestStoreServices());

        RecentlySent recent = await repository.ExceptRecentlySentAsync(Some.Items(3), Some.Date, 700, TestContext.Current.CancellationToken);

        Assert.Equal((3, false), (recent.Fresh.Count, recent.IsChecked));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => repository.ExceptRecentlySentAsync(Some.Items(3), Some.Date, 0, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task However_many_links_there_are_one_query_answers()
    {
        await AnnounceAsync(-1, Enumerable.Range(0, 100));

        SentLookup lookup = await FindAsync(Repository(), [.. Enumerable.Range(50, 2_000).Select(static number => Some.Item(number).Url)], 30);

        Assert.Equal((1, 1), (_table.Requests, _table.Queries.Count));
        Assert.Equal(50, lookup.Sent.Count);
        PageRequest request = Assert.Single(_table.Queries);
        Assert.Equal(("SENT#daily", "2026-10-22", "2026-11-20#~", true), (request.PartitionKey, request.From, request.To, request.Consistent));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Without_a_link_that_could_have_been_sent_nothing_is_asked(int invalid)
    {
        SentLookup lookup = await FindAsync(Repository(), [.. Enumerable.Repeat("/relative", invalid)], 30);

        Assert.Equal((0, invalid, 0), (_table.Requests, lookup.InvalidUrls.Count, lookup.Sent.Count));
    }

    [Fact]
    public async Task A_manifest_whose_parts_are_on_two_pages_is_put_together()
    {
        await AnnounceAsync(-1, Enumerable.Range(0, ManifestUpdates.MaxIdsInPart + 5));
        _table.OnQuery = request => new InMemoryTable(_table.Storage).QueryAsync(request with { Limit = 1 }, new Attempt(CancellationToken.None));

        SentLookup lookup = await FindAsync(Repository(), [.. Enumerable.Range(ManifestUpdates.MaxIdsInPart, 10).Select(static number => Some.Item(number).Url)], 30);

        Assert.Equal((5, 0), (lookup.Sent.Count, lookup.UncheckedDates.Count));
    }

    [Fact]
    public async Task A_manifest_that_lacks_a_part_is_named_and_what_is_there_counts()
    {
        await AnnounceAsync(-1, Enumerable.Range(0, ManifestUpdates.MaxIdsInPart + 5));
        _table.Storage.With("digests", "SENT#daily", static records => records.Remove("2026-11-20#2"));

        SentLookup lookup = await FindAsync(Repository(), [.. Enumerable.Range(0, ManifestUpdates.MaxIdsInPart + 5).Select(static number => Some.Item(number).Url)], 30);

        Assert.Equal(ManifestUpdates.MaxIdsInPart, lookup.Sent.Count);
        Assert.Equal([Day(-1)], lookup.UncheckedDates);
        Assert.Equal([Day(-1)], lookup.UnsettledDates);
    }

    [Fact]
    public async Task A_manifest_of_a_newer_version_is_named_as_not_checked()
    {
        await AnnounceAsync(-1, [1]);
        _table.Storage.With("digests", "SENT#daily", static records => records["2026-11-20"][N.Version] = ItemMapper.Number(2));

        SentLookup lookup = await FindAsync(Repository(), [Some.Item(1).Url], 30);

        Assert.Empty(lookup.Sent);
        Assert.Equal([Day(-1)], lookup.UncheckedDates);
    }

    [Fact]
    public async Task Records_of_other_programs_among_the_manifests_are_left_alone()
    {
        await AnnounceAsync(-1, [1]);
        foreach (string key in new[] { "2026-11-19 note", "2026-11-20#x" })
        {
            _table.Storage.With("digests", "SENT#daily", records => records[key] = new() { [N.Pk] = ItemMapper.Text("SENT#daily"), [N.Sk] = ItemMapper.Text(key) });
        }

        SentLookup lookup = await FindAsync(Repository(), [Some.Item(1).Url], 30);

        Assert.Equal((1, 0), (lookup.Sent.Count, lookup.UncheckedDates.Count));
    }

    // The items of the day keep their ids of before, so the ids of the manifest do not say which of them were sent.
    [Fact]
    public async Task On_a_day_of_several_rules_every_item_may_have_been_sent()
    {
        DigestRepository keepsAll = Repository(static options => options.Identity = new UrlIdentityOptions { DropFragment = false, DropTrailingSlash = false });
        DigestRepository keepsSlash = Repository(static options => options.Identity = new UrlIdentityOptions { DropTrailingSlash = false });
        DigestItem[] items = [Page("https://example.org/a/#1"), Page("https://example.org/b/#2")];
        await keepsAll.StoreAsync(Day(-1), items, cancellationToken: TestContext.Current.CancellationToken);
        await keepsSlash.StoreAsync(Day(-1), [Page("https://example.org/c/#3")], cancellationToken: TestContext.Current.CancellationToken);
        await AnnounceAsync(-1, items.Select(static item => item.Url), static options => options.Identity = new UrlIdentityOptions { DropTrailingSlash = false });

        SentLookup lookup = await FindAsync(Repository(), ["https://example.org/a", "https://example.org/b", "https://example.org/c", "https://example.org/d"], 30);

        Assert.Equal(["https://example.org/a", "https://example.org/b", "https://example.org/c"], lookup.Sent.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([Day(-1)], lookup.UncheckedDates);
        Assert.All(lookup.Sent.Values, static sent => Assert.False(sent.IsCertain));
    }

    [Theory]
    [InlineData("Unavailable", DigestStoreErrorReason.Unavailable)]
    [InlineData("Throttled", DigestStoreErrorReason.Throttled)]
    [InlineData("AccessDenied", DigestStoreErrorReason.AccessDenied)]
    [InlineData("TableNotFound", DigestStoreErrorReason.TableNotFound)]
    public async Task A_reader_is_told_and_the_way_to_the_email_stays_open(string kind, DigestStoreErrorReason reason)
    {
        _table.OnQuery = _ => Task.FromResult(new PageReply { Fault = Some.Fault(Enum.Parse<FaultKind>(kind), 400) });
        List<DigestItem> items = Some.Items(3);

        DigestStoreException thrown = await Assert.ThrowsAsync<DigestStoreException>(() => FindAsync(Repository(), [Some.Item(1).Url], 30));
        RecentlySent result = await Repository().ExceptRecentlySentAsync(items, Some.Date, 30, TestContext.Current.CancellationToken);

        Assert.Equal((reason, false, reason), (thrown.Reason, result.IsChecked, result.Error!.Reason));
        Assert.Contains("2026-10-22/2026-11-20", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(items, result.Fresh);
        Assert.Empty(result.Sent);
    }

    // A second page that cannot be read must not make the links of the first look like all.
    [Fact]
    public async Task A_page_that_cannot_be_read_is_never_left_out()
    {
        await AnnounceAsync(-2, [1]);
        await AnnounceAsync(-1, [2]);
        _table.OnQuery = request => request.After is null
            ? new InMemoryTable(_table.Storage).QueryAsync(request with { Limit = 1 }, new Attempt(CancellationToken.None))
            : Task.FromResult(new PageReply { Fault = Some.Fault(FaultKind.AccessDenied, 400) });

        await Assert.ThrowsAsync<DigestStoreException>(() => FindAsync(Repository(), [Some.Item(1).Url], 30));
        Assert.False((await Repository().ExceptRecentlySentAsync(Some.Items(3), Some.Date, 30, TestContext.Current.CancellationToken)).IsChecked);
    }

    [Fact]
    public async Task The_way_to_the_email_is_held_up_no_longer_than_the_deadline()
    {
        var clock = new VirtualTimeProvider();
        using var repository = new InMemoryDigestRepository(services: new DigestStoreServices { TimeProvider = clock });
        repository.Faults.Hang();

        RecentlySent result = await clock.RunAsync(() => repository.ExceptRecentlySentAsync(Some.Items(3), Some.Date, 30, TestContext.Current.CancellationToken));

        Assert.Equal((false, DigestStoreErrorReason.Timeout, 3), (result.IsChecked, result.Error!.Reason, result.Fresh.Count));
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, new DigestStoreOptions().Deadline);
    }

    [Fact]
    public async Task A_disposed_repository_leaves_everything_fresh()
    {
        DigestRepository repository = Repository();
        repository.Dispose();

        RecentlySent result = await repository.ExceptRecentlySentAsync(Some.Items(3), Some.Date, 30, TestContext.Current.CancellationToken);

        Assert.Equal((false, DigestStoreErrorReason.Disposed, 3), (result.IsChecked, result.Error!.Reason, result.Fresh.Count));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => FindAsync(repository, [Some.Item(1).Url], 30));
    }

    [Fact]
    public async Task A_collection_without_end_is_refused_and_one_that_throws_throws()
    {
        DigestRepository repository = Repository(static options => options.MaxItems = 100);

        ArgumentException thrown = await Assert.ThrowsAsync<ArgumentException>(() => repository.ExceptRecentlySentAsync(Endless(), Some.Date, 30, TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<InvalidOperationException>(() => repository.ExceptRecentlySentAsync(Broken(), Some.Date, 30, TestContext.Current.CancellationToken));

        Assert.Contains("more than 100 items", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(0, _table.Requests);
    }

    [Fact]
    public async Task A_call_that_is_canceled_under_way_throws_and_pretends_nothing()
    {
        using var source = new CancellationTokenSource();
        _table.OnQuery = _ =>
        {
            source.Cancel();
            return Task.FromResult(new PageReply { Fault = Some.Fault(FaultKind.Unavailable, 500) });
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Repository().ExceptRecentlySentAsync(Some.Items(3), Some.Date, 30, source.Token));
    }

    private static IEnumerable<DigestItem> Endless()
    {
        for (int number = 0; ; number++)
        {
            yield return Some.Item(number);
        }
    }

    private static IEnumerable<DigestItem> Broken()
    {
        yield return Some.Item();
        throw new InvalidOperationException("the feed broke");
    }

    private static DateOnly Day(int offset) => Some.Date.AddDays(offset);

    private static DigestItem Page(string url) => new() { Url = url, Title = "x" };

    private static Task<SentLookup> FindAsync(DigestRepository repository, IReadOnlyCollection<string> urls, int days) =>
        repository.FindSentAsync(Some.Date, urls, days, TestContext.Current.CancellationToken);

    private DigestRepository Repository(Action<DigestStoreOptions>? change = null) => Some.Repository(_table, change, _clock);

    private Task AnnounceAsync(int day, IEnumerable<int> numbers) => AnnounceAsync(day, numbers.Select(static number => Some.Item(number).Url), null);

    private async Task AnnounceAsync(int day, IEnumerable<string> urls, Action<DigestStoreOptions>? change)
    {
        var table = new TableDouble(_table.Storage);
        using CallScope scope = Some.Scope(deadline: TimeSpan.FromHours(1));
        var manifests = new ManifestTable(Some.Gateway(table, scope, change), Some.Settings(change));
        DigestItemId[] ids = [.. urls.Select(url => DigestItemId.Create(url, Some.Settings(change).Identity))];
        Assert.Equal(ManifestOutcome.Applied, (await manifests.AnnounceAsync(Day(day), 1, "m", ids, seen: null)).Outcome);
        Assert.Equal(ManifestOutcome.Applied, (await manifests.ConfirmAsync(Day(day), 1, "m")).Outcome);
    }
}
