using System.Text.Json;
using DigestStore.Testing;
using DigestStore.TestSupport;

namespace DigestStore.UnitTests.History;

// Real newsletters, sent day by day, against a set of canonical URLs that the test keeps itself.
public sealed class RealNewslettersTests
{
    private const string FileName = "twir_items.jsonl";
    private const int Days = 365;

    // The newsletter is weekly, so that a year has 52 issues. Later years have issues of a hundred links.
    [Theory]
    [InlineData(2016, 30)]
    [InlineData(2019, 30)]
    [InlineData(2019, 365)]
    [InlineData(2022, 90)]
    public async Task A_year_of_newsletters_finds_every_link_that_was_sent_before_and_no_other(int year, int days)
    {
        (int checkedLinks, int sentBefore) = await RunAsync(year, days, changesRules: false);

        Assert.True(checkedLinks > 1_000, $"{checkedLinks} links");
        Assert.True(sentBefore > 10, $"{sentBefore} links were sent before");
    }

    [Theory]
    [InlineData(2019, 30)]
    [InlineData(2022, 365)]
    public async Task So_does_a_year_in_which_an_identity_rule_was_changed_half_way(int year, int days)
    {
        (int checkedLinks, int sentBefore) = await RunAsync(year, days, changesRules: true);

        Assert.True(checkedLinks > 1_000, $"{checkedLinks} links");
        Assert.True(sentBefore > 10, $"{sentBefore} links were sent before");
    }

    private static async Task<(int Links, int SentBefore)> RunAsync(int year, int days, bool changesRules)
    {
        List<(DateOnly Date, DigestItem[] Items)> issues = Issues(new DateOnly(year, 1, 1));
        var storage = new InMemoryDigestStorage();
        var sent = new List<(DateOnly Date, string Url)>();
        (int links, int sentBefore) = (0, 0);
        for (int number = 0; number < issues.Count; number++)
        {
            (DateOnly date, DigestItem[] items) = issues[number];
            UrlIdentityOptions rules = changesRules && number >= issues.Count / 2 ? new() : new() { DropFragment = !changesRules, TreatHttpAsHttps = !changesRules };
            using var repository = new InMemoryDigestRepository(new DigestStoreOptions { Identity = rules }, storage, new DigestStoreServices { TimeProvider = new FixedClock { Hurry = TimeSpan.FromSeconds(2) } });

            // Each link is asked for with the links of the issues around it, so that there are many that must not be found.
            string[] urls = [.. issues.Skip(number - 1).Take(3).SelectMany(static issue => issue.Items).Select(static item => item.Url)];
            SentLookup lookup = await repository.FindSentAsync(date, urls, days, TestContext.Current.CancellationToken);
            ILookup<DigestItemId, DateOnly> exact = sent.Where(entry => entry.Date >= date.AddDays(-days) && entry.Date < date).ToLookup(entry => DigestItemId.Create(entry.Url, rules), static entry => entry.Date);
            foreach (string url in urls)
            {
                DateOnly? expected = DigestItemId.TryCreate(url, rules, out DigestItemId id) && exact.Contains(id) ? exact[id].Max() : null;
                Assert.True(expected == lookup.Sent.GetValueOrDefault(url)?.LastSentOn, $"{url} on {date:O}: expected {expected:O}, found {lookup.Sent.GetValueOrDefault(url)}");
                (links, sentBefore) = (links + 1, sentBefore + (expected is null ? 0 : 1));
            }

            Assert.Empty(lookup.UnsettledDates);
            Assert.Empty(lookup.UncheckedDates);

            DigestItem[] valid = [.. items.Where(item => DigestItemId.TryCreate(item.Url, rules, out _))];
            (await repository.StoreAsync(date, items, cancellationToken: TestContext.Current.CancellationToken)).EnsureStored();
            DeliveryResult delivery = await repository.DeliverAsync(date, items, static (_, _) => Task.FromResult(new DeliveryReceipt()), cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(DeliveryOutcome.Delivered, delivery.Outcome);
            sent.AddRange(valid.Select(item => (date, item.Url)));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{issues.Count} issues, {links} links looked for, {sentBefore} of them sent before");
        return (links, sentBefore);
    }

    private static List<(DateOnly Date, DigestItem[] Items)> Issues(DateOnly from)
    {
        string? path = RealData.Find(FileName);
        Assert.SkipWhen(path is null, RealData.Missing(FileName));
        return
        [
            .. File.ReadLines(path!)
                .Select(static line => JsonSerializer.Deserialize<JsonElement>(line))
                .Select(static item => (
                    Date: DateOnly.Parse(item.GetProperty("date").GetString()!, System.Globalization.CultureInfo.InvariantCulture),
                    Item: new DigestItem { Url = item.GetProperty("url").GetString()!, Title = item.GetProperty("title").GetString()! }))
                .Where(item => item.Date >= from && item.Date < from.AddDays(Days))
                .GroupBy(static item => item.Date, static item => item.Item)
                .OrderBy(static issue => issue.Key)
                .Select(static issue => (issue.Key, issue.ToArray())),
        ];
    }
}
