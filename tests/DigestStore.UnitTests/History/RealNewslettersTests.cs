using System.Text.Json;
using DigestStore.Testing;
using DigestStore.TestSupport;

namespace DigestStore.UnitTests.History;

// Real newsletters, stored and sent day by day, against a set of ids that the test keeps itself. The collection has 221 issues of a weekly
// newsletter; here they are those of 221 days in a row.
public sealed class RealNewslettersTests
{
    private const string FileName = "twir_items.jsonl";

    private static readonly DateOnly First = new(2025, 1, 1);
    private static readonly UrlIdentityOptions Rules = new();
    private static readonly UrlIdentityOptions OtherRules = new() { DropFragment = false, TreatHttpAsHttps = false };

    private static readonly Lazy<List<DigestItem[]>?> Issues = new(static () => RealData.Find(FileName) is { } path ? Read(path) : null);

    [Theory]
    [InlineData(365, false)]
    [InlineData(30, true)]
    public async Task Every_link_that_was_sent_before_is_found_and_no_other_also_when_a_rule_was_changed_half_way(int days, bool changesRules)
    {
        List<DigestItem[]>? issues = Issues.Value;
        Assert.SkipWhen(issues is null, RealData.Missing(FileName));
        var storage = new InMemoryDigestStorage();
        var lastSent = new Dictionary<(UrlIdentityOptions Rules, DigestItemId Id), DateOnly>();
        (int links, int sentBefore) = (0, 0);
        for (int number = 0; number < issues.Count; number++)
        {
            DateOnly date = First.AddDays(number);
            UrlIdentityOptions rules = changesRules && number < issues.Count / 2 ? OtherRules : Rules;
            using var repository = new InMemoryDigestRepository(new DigestStoreOptions { Identity = rules }, storage, new DigestStoreServices { TimeProvider = new FixedClock { Hurry = TimeSpan.FromSeconds(2) } });

            // The links of today and of the next issue: most of them must not be found.
            string[] urls = [.. issues.Skip(number).Take(2).SelectMany(static items => items).Select(static item => item.Url)];
            SentLookup lookup = await repository.FindSentAsync(date, urls, days, TestContext.Current.CancellationToken);
            foreach (string url in urls)
            {
                DateOnly? expected = DigestItemId.TryCreate(url, rules, out DigestItemId id) && lastSent.TryGetValue((rules, id), out DateOnly last) && last >= date.AddDays(-days) ? last : null;
                Assert.True(expected == lookup.Sent.GetValueOrDefault(url)?.LastSentOn, $"{url} on {date:O}: expected {expected:O}, found {lookup.Sent.GetValueOrDefault(url)}");
                (links, sentBefore) = (links + 1, sentBefore + (expected is null ? 0 : 1));
            }

            Assert.Empty(lookup.UnsettledDates);
            Assert.Empty(lookup.UncheckedDates);
            await StoreAndSendAsync(repository, date, issues[number]);
            foreach (DigestItem item in issues[number])
            {
                foreach (UrlIdentityOptions each in new[] { Rules, OtherRules })
                {
                    if (DigestItemId.TryCreate(item.Url, each, out DigestItemId id))
                    {
                        lastSent[(each, id)] = date;
                    }
                }
            }
        }

        Assert.True(sentBefore > 1_000, $"{sentBefore} links were sent before");
        TestContext.Current.TestOutputHelper?.WriteLine($"{issues.Count} days, {links} links looked for, {sentBefore} of them sent in the {days} days before");
    }

    private static async Task StoreAndSendAsync(InMemoryDigestRepository repository, DateOnly date, DigestItem[] items)
    {
        (await repository.StoreAsync(date, items, cancellationToken: TestContext.Current.CancellationToken)).EnsureStored();
        DeliveryResult delivery = await repository.DeliverAsync(date, items, static (_, _) => Task.FromResult(new DeliveryReceipt()), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((DeliveryOutcome.Delivered, true), (delivery.Outcome, delivery.AreItemsRecorded));
    }

    private static List<DigestItem[]> Read(string path) =>
    [
        .. File.ReadLines(path)
            .Select(static line => JsonSerializer.Deserialize<JsonElement>(line))
            .GroupBy(
                static item => item.GetProperty("date").GetString()!,
                static item => new DigestItem { Url = item.GetProperty("url").GetString()!, Title = item.GetProperty("title").GetString()! },
                StringComparer.Ordinal)
            .OrderBy(static issue => issue.Key, StringComparer.Ordinal)
            .Select(static issue => issue.ToArray()),
    ];
}
