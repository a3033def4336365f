using System.Collections.Concurrent;
using System.Diagnostics;

namespace DigestStore.Testing;

internal static class ReportingClauses
{
    public static IReadOnlyList<ContractClause> All { get; } =
    [
        Clause("The correlation id of the call comes back", "A call can be found in logs; up to 128 characters are kept, control characters become spaces.", CorrelationId),
        Clause("Without a correlation id the trace id is taken, or else one is made up", "Every call can be told from the others.", GeneratedCorrelationId),
        Clause("The quality counts what the items have, duplicates and rejected ones included", "A feed that gets worse is seen.", Quality),
        Clause("What is odd about an item is found, and the item stored all the same", "Stale and future dates and suspicious titles are seen before a reader complains.", Findings),
        Clause("The quality is told by source", "The feed that gets worse is known by name.", QualityBySource),
        Clause("Sources are told apart up to a bound", "A feed that makes up names does not fill the memory.", ManySources),
        Clause("Problems are capped, counts are not", "A broken feed of thousands does not fill the memory or the log.", CappedProblems),
        Clause("Progress is reported until everything is settled", "A caller can show how far a store has come.", Progress),
        Clause("A progress handler that throws does no harm", "No callback of the caller can break a store.", ThrowingProgress),
        Clause("The share of requests saved follows from requests and items", "The figure cannot contradict its parts.", ShareOfRequestsSaved),
    ];

    private static ContractClause Clause(string name, string promise, Func<ContractRun, Task> verify) =>
        new(ContractTheme.Reporting, name, promise, verify);

    private static async Task<StoreResult> StoreAsync(ContractRun run, StoreCallOptions options, params DigestItem[] items) =>
        run.CheckInvariants(await run.Repository().StoreAsync(ContractRun.Day, items, options, run.CancellationToken).ConfigureAwait(false));

    private static async Task CorrelationId(ContractRun run)
    {
        (string Given, string Expected)[] ids =
        [
            ("order-4711", "order-4711"),
            ("a\r\nb\tc", "a  b c"),
            (new string('x', 128), new string('x', 128)),
        ];
        foreach ((string given, string expected) in ids)
        {
            StoreResult result = await StoreAsync(run, new StoreCallOptions { CorrelationId = given }, Samples.Item(0)).ConfigureAwait(false);
            run.Equal(expected, result.CorrelationId, "CorrelationId");
        }
    }

    private static async Task GeneratedCorrelationId(ContractRun run)
    {
        Activity? outer = Activity.Current;
        try
        {
            Activity.Current = null;
            StoreResult one = await StoreAsync(run, new StoreCallOptions(), Samples.Item(0)).ConfigureAwait(false);
            StoreResult two = await StoreAsync(run, new StoreCallOptions(), Samples.Item(0)).ConfigureAwait(false);
            run.True(one.CorrelationId != two.CorrelationId, "CorrelationId of a second call", "another than " + one.CorrelationId, two.CorrelationId);

            using var activity = new Activity("caller");
            activity.SetIdFormat(ActivityIdFormat.W3C).Start();
            StoreResult traced = await StoreAsync(run, new StoreCallOptions(), Samples.Item(0)).ConfigureAwait(false);
            run.Equal(activity.TraceId.ToHexString(), traced.CorrelationId, "CorrelationId within an activity");
        }
        finally
        {
            Activity.Current = outer;
        }
    }

    private static async Task Quality(ContractRun run)
    {
        StoreResult result = await StoreAsync(
            run,
            new StoreCallOptions(),
            Samples.Full,
            Samples.Full,
            Samples.Item(0),
            Samples.Page("https://example.org/bare") with { Summary = "" },
            Samples.Full with { Url = "/relative" },
            Samples.Item(1, ""),
            null!).ConfigureAwait(false);
        DigestQuality quality = result.Quality;
        run.Equal(
            (Items: 6, WithSummary: 5, WithAuthor: 3, WithSource: 5, WithPublishedAt: 3),
            (quality.Items, quality.WithSummary, quality.WithAuthor, quality.WithSource, quality.WithPublishedAt),
            "the counts of Quality");
        run.SameList(
            [(StoreProblemReason.ItemMissing, 1), (StoreProblemReason.UrlNotAbsolute, 1), (StoreProblemReason.TitleMissing, 1)],
            quality.Defects.OrderBy(defect => defect.Key).Select(defect => (defect.Key, defect.Value)),
            "Quality.Defects");
    }

    private static async Task Findings(ContractRun run)
    {
        DateTimeOffset now = run.Clock.GetUtcNow();
        var day = new DateTimeOffset(ContractRun.Day, TimeOnly.MinValue, TimeSpan.Zero);
        (DigestItem Item, QualityFinding[] Expected)[] items =
        [
            (Samples.Item(0) with { PublishedAt = day - QualityRules.StaleAfter }, []),
            (Samples.Item(1) with { PublishedAt = (day - QualityRules.StaleAfter).AddSeconds(-1) }, [QualityFinding.Stale]),
            (Samples.Item(2) with { PublishedAt = now + QualityRules.FutureTolerance }, []),
            (Samples.Item(3) with { PublishedAt = now + QualityRules.FutureTolerance + TimeSpan.FromHours(1) }, [QualityFinding.FutureDated]),
            (Samples.Item(4, Samples.Url(4)), [QualityFinding.TitleIsUrl]),
            (Samples.Item(5, " HTTPS://example.org/other"), [QualityFinding.TitleIsUrl]),
            (Samples.Item(6, "example.org"), []),
            (Samples.Item(7, "BREAKING NEWS!"), [QualityFinding.TitleShouting]),
            (Samples.Item(8, "NASA, ESA"), []),
            (Samples.Item(9, "A <b>bold</b> move"), [QualityFinding.TitleHasMarkup]),
            (Samples.Item(10, "Fish &amp; chips"), [QualityFinding.TitleHasMarkup]),
            (Samples.Item(11, "If a < b, Vec<T> and AT&T; are text"), []),
            (Samples.Item(12, "&lt;CAPITALS ONLY") with { PublishedAt = DateTimeOffset.UnixEpoch }, [QualityFinding.Stale, QualityFinding.TitleHasMarkup]),
        ];
        foreach ((DigestItem item, QualityFinding[] expected) in items)
        {
            StoreResult result = await run.StoreAsync(run.Repository(), item).ConfigureAwait(false);
            run.Outcomes(result, DigestItemOutcome.Inserted);
            run.SameList(expected.Select(finding => (finding, 1)), Counts(result.Quality), "Quality.Findings of '" + item.Title + "'");
        }

        StoreResult together = await run.StoreAsync(run.Repository(), [.. items.Select(entry => entry.Item)]).ConfigureAwait(false);
        run.SameList(
            [(QualityFinding.Stale, 2), (QualityFinding.FutureDated, 1), (QualityFinding.TitleIsUrl, 2), (QualityFinding.TitleShouting, 1), (QualityFinding.TitleHasMarkup, 3)],
            Counts(together.Quality),
            "Quality.Findings of all together");
    }

    private static IEnumerable<(QualityFinding, int)> Counts(DigestQuality quality) =>
        quality.Findings.OrderBy(finding => finding.Key).Select(finding => (finding.Key, finding.Value));

    private static async Task QualityBySource(ContractRun run)
    {
        DigestItem shouted = Samples.Item(0, "BREAKING NEWS!") with { Source = "Loud" };
        DigestQuality quality = (await run.StoreAsync(
            run.Repository(),
            shouted,
            shouted,
            Samples.Item(1) with { Source = "Loud", Author = "Ada" },
            Samples.Item(2) with { Source = "loud" },
            Samples.Item(3) with { Source = null },
            Samples.Item(4) with { Source = " " },
            Samples.Item(5, "") with { Source = "Broken" },
            null!).ConfigureAwait(false)).Quality;

        run.SameList(
            [("", 2), ("Broken", 1), ("Loud", 3), ("loud", 1)],
            quality.BySource.OrderBy(source => source.Key, StringComparer.Ordinal).Select(source => (source.Key, source.Value.Items)),
            "the items of Quality.BySource");
        DigestQuality loud = quality.BySource["Loud"];
        run.Equal((1, 1, 3), (loud.Duplicates, loud.WithAuthor, loud.WithSource), "Duplicates, WithAuthor and WithSource of a source");
        run.SameList([(QualityFinding.TitleShouting, 2)], Counts(loud), "Findings of a source");
        run.SameList([StoreProblemReason.TitleMissing], quality.BySource["Broken"].Defects.Keys, "Defects of a source");
        run.True(quality.BySource.Values.All(nested => nested.BySource.Count == 0), "BySource of a source", "empty", loud.BySource.Count);
    }

    private static async Task ManySources(ContractRun run)
    {
        const int Beyond = 20;
        string longName = new('x', 10 * QualityRules.MaxSourceLength);
        StoreResult result = await run.StoreAsync(
            run.Repository(),
            [Samples.Item(0) with { Source = longName }, .. Samples.Items(QualityRules.MaxSources - 1 + Beyond, from: 1).Select(item => item with { Source = "Source of " + item.Title })]).ConfigureAwait(false);

        IReadOnlyDictionary<string, DigestQuality> sources = result.Quality.BySource;
        run.Equal(QualityRules.MaxSources + 1, sources.Count, "the number of sources");
        run.True(sources.ContainsKey(longName[..QualityRules.MaxSourceLength]), "the key of a long name", "its beginning", string.Join(", ", sources.Keys.Take(3)));
        run.Equal(Beyond, sources.TryGetValue(QualityRules.OtherSources, out DigestQuality? others) ? others.Items : 0, "the items of all other sources");
    }

    private static async Task CappedProblems(ContractRun run)
    {
        foreach (int most in new[] { 0, 3 })
        {
            IDigestRepository repository = run.Repository(options => options.MaxProblems = most);
            StoreResult result = await run.StoreAsync(repository, [Samples.Item(0), .. Enumerable.Repeat<DigestItem>(null!, 500)]).ConfigureAwait(false);
            run.Equal(500, result.Rejected, "Rejected");
            run.Equal(most, result.Problems.Count, "the number of problems");
        }
    }

    private static async Task Progress(ContractRun run)
    {
        var reports = new Reports();
        StoreResult result = await StoreAsync(run, new StoreCallOptions { Progress = reports }, [.. Samples.Items(200), null!, Samples.Item(0)]).ConfigureAwait(false);
        run.True(!reports.All.IsEmpty, "the number of reports", "at least 1", reports.All.Count);
        foreach (StoreProgress report in reports.All)
        {
            run.True(report.Settled <= report.Received && report.Received <= result.Received, "a report", "Settled ≤ Received ≤ " + Samples.Number(result.Received), report);
            run.True(report.Failed == 0 && report.Requests <= result.Cost.Requests, "a report", "no failure, and no more requests than in the end", report);
            run.True(report.Total is null || report.Total == result.Received, "Total of a report", "unknown or the length of the input", report);
        }

        run.Equal(result.Received, reports.All.Max(report => report.Settled), "the most that was reported as settled");
    }

    private static async Task ThrowingProgress(ContractRun run)
    {
        var reports = new Reports { Throws = true };
        StoreResult result = await StoreAsync(run, new StoreCallOptions { Progress = reports }, Samples.Items(100)).ConfigureAwait(false);
        run.True(!reports.All.IsEmpty, "the number of reports", "at least 1", reports.All.Count);
        run.Equal(100, result.Inserted, "Inserted");
        run.Titles(Samples.Titles(100), await run.GetAsync(run.Repository()).ConfigureAwait(false), "GetAsync");
    }

    private static async Task ShareOfRequestsSaved(ContractRun run)
    {
        foreach (int count in new[] { 1, 7, 100 })
        {
            StoreResult result = await run.StoreAsync(run.Repository(), Samples.Items(count)).ConfigureAwait(false);
            run.Equal(Math.Max(0, 1 - ((double)result.Cost.Requests / count)), result.Cost.ShareOfRequestsSaved, "ShareOfRequestsSaved");
        }
    }

    private sealed class Reports : IProgress<StoreProgress>
    {
        public ConcurrentQueue<StoreProgress> All { get; } = new();

        public bool Throws { get; init; }

        public void Report(StoreProgress value)
        {
            All.Enqueue(value);
            if (Throws)
            {
                throw new InvalidOperationException("a progress handler's own error");
            }
        }
    }
}
