namespace DigestStore.Testing;

internal static class StoringAgainClauses
{
    public static IReadOnlyList<ContractClause> All { get; } =
    [
        Clause("Storing twice equals storing once", "A re-run after a crash or a double trigger does no harm: nothing changes, the time of the last change included.", Twice),
        Clause("Storing some items and then others leaves both", "A store adds to a day and removes nothing.", Union),
        Clause("Changed content is updated: first-seen values stay, the revision grows by one", "What is known about the first store is never lost.", Updated),
        Clause("A change of any field alone is an update", "No field is left out of the comparison.", EveryField),
        Clause("Another writing of the same content is no change", "Offsets, the order of metadata, empty texts and tracking parameters of the URL are not content.", SameContent),
        Clause("A corrected link is an update", "The stored URL is what readers click; only its tracking parameters are no part of the content.", CorrectedLink),
        Clause("Texts that only look alike are different contents", "Texts are compared character by character, without culture.", LookAlikes),
        Clause("Later stores keep the order of first store and add behind it", "An update or a shifted list moves nothing.", OrderStays),
        Clause("A removed optional value is removed", "The last store decides about the whole content.", RemovedValue),
        Clause("New, changed and unchanged items of one input are told apart", "Counts and outcomes say what really happened.", Mixed),
    ];

    private static ContractClause Clause(string name, string promise, Func<ContractRun, Task> verify) =>
        new(ContractTheme.StoringAgain, name, promise, verify);

    private static async Task Twice(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        DigestItem[] items = [Samples.Full, .. Samples.Items(60)];
        await run.StoreAsync(repository, items).ConfigureAwait(false);
        Digest before = await run.GetAsync(repository).ConfigureAwait(false);

        run.Clock.Advance(TimeSpan.FromHours(1));
        StoreResult again = await run.StoreAsync(repository, items).ConfigureAwait(false);
        run.AllOutcomes(again, DigestItemOutcome.Unchanged);
        run.Equal(StoreStatus.Stored, again.Status, "Status");
        run.SameList(before, await run.GetAsync(repository).ConfigureAwait(false), "the digest");
    }

    private static async Task Union(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        await run.StoreAsync(repository, Samples.Items(30)).ConfigureAwait(false);
        await run.StoreAsync(repository, Samples.Items(40, from: 30)).ConfigureAwait(false);

        run.Titles(Samples.Titles(70), await run.GetAsync(repository).ConfigureAwait(false), "GetAsync");
    }

    private static async Task Updated(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        await run.StoreAsync(repository, Samples.Items(3)).ConfigureAwait(false);
        StoredDigestItem first = (await run.GetAsync(repository).ConfigureAwait(false))[1];

        run.Clock.Advance(TimeSpan.FromMinutes(5));
        DigestItem changed = Samples.Item(1, "A better headline");
        run.Outcomes(await run.StoreAsync(repository, changed).ConfigureAwait(false), DigestItemOutcome.Updated);
        StoredDigestItem second = (await run.GetAsync(repository).ConfigureAwait(false))[1];
        run.Equal(first with { Item = changed, Revision = 2, UpdatedAt = run.Clock.GetUtcNow() }, second, "the item after an update");

        run.Clock.Advance(TimeSpan.FromMinutes(5));
        await run.StoreAsync(repository, Samples.Item(1)).ConfigureAwait(false);
        StoredDigestItem third = (await run.GetAsync(repository).ConfigureAwait(false))[1];
        run.Equal(first with { Revision = 3, UpdatedAt = run.Clock.GetUtcNow() }, third, "the item after a second update, back to the first content");
    }

    private static async Task EveryField(ContractRun run)
    {
        DigestItem original = Samples.Full;
        DigestItem[] changes =
        [
            original with { Title = original.Title + "!" },
            original with { Summary = original.Summary + "!" },
            original with { Source = original.Source + "!" },
            original with { Category = original.Category + "!" },
            original with { Author = original.Author + "!" },
            original with { PublishedAt = original.PublishedAt!.Value.AddTicks(1) },
            original with { Tags = [.. original.Tags.Reverse()] },
            original with { Tags = [.. original.Tags, "one more"] },
            original with { Metadata = new Dictionary<string, string>(original.Metadata, StringComparer.Ordinal) { ["score"] = "43" } },
            original with { Metadata = new Dictionary<string, string>(original.Metadata, StringComparer.Ordinal) { ["one"] = "more" } },
            original with { Summary = original.Source, Source = original.Summary },
        ];
        IDigestRepository repository = run.Repository();
        await run.StoreAsync(repository, original).ConfigureAwait(false);
        foreach (DigestItem changed in changes)
        {
            run.Outcomes(await run.StoreAsync(repository, changed).ConfigureAwait(false), DigestItemOutcome.Updated);
            run.Equal(changed, run.Single(await run.GetAsync(repository).ConfigureAwait(false), "GetAsync").Item, "the item after a change");
            run.Outcomes(await run.StoreAsync(repository, original).ConfigureAwait(false), DigestItemOutcome.Updated);
        }
    }

    private static async Task SameContent(ContractRun run)
    {
        DigestItem original = Samples.Full with { Author = null };
        DigestItem[] writings =
        [
            original with { PublishedAt = original.PublishedAt!.Value.ToOffset(TimeSpan.FromHours(9)) },
            original with { Metadata = original.Metadata.Reverse().ToDictionary(StringComparer.Ordinal) },
            original with { Author = "" },
            original with { Tags = ["", .. original.Tags] },
            original with { Url = "https://www.example.org/Blog//A%2Fb/?q=1&utm_medium=email&fbclid=x#top" },
            original with { Url = "https://www.example.org/Blog//A%2Fb/?q=1#top" },
        ];
        IDigestRepository repository = run.Repository();
        await run.StoreAsync(repository, original).ConfigureAwait(false);
        StoredDigestItem before = run.Single(await run.GetAsync(repository).ConfigureAwait(false), "GetAsync");
        run.Clock.Advance(TimeSpan.FromHours(1));
        foreach (DigestItem writing in writings)
        {
            run.Outcomes(await run.StoreAsync(repository, writing).ConfigureAwait(false), DigestItemOutcome.Unchanged);
        }

        run.Equal(before, run.Single(await run.GetAsync(repository).ConfigureAwait(false), "GetAsync"), "the item");
    }

    private static async Task CorrectedLink(ContractRun run)
    {
        DigestItem original = Samples.Full;
        string[] links =
        [
            "https://www.example.org/Blog//A%2Fb/?utm_source=mail&q=1#end",
            "https://www.example.org/Blog//A%2Fb/?utm_source=mail&q=1",
            "http://www.example.org/Blog//A%2Fb/?utm_source=mail&q=1#top",
            "https://example.org/Blog//A%2Fb/?utm_source=mail&q=1#top",
            "https://www.example.org/Blog/A%2Fb/?utm_source=mail&q=1#top",
            "https://www.example.org/Blog//A%2Fb?utm_source=mail&q=1#top",
            "https://www.example.org/Blog//A%2fb/?utm_source=mail&q=1#top",
            "https://www.example.org/Blog//A%2Fb/?q=%31#top",
            "https://www.example.org:443/Blog//A%2Fb/?q=1#top",
        ];
        IDigestRepository repository = run.Repository();
        await run.StoreAsync(repository, original).ConfigureAwait(false);
        StoredDigestItem stored = run.Single(await run.GetAsync(repository).ConfigureAwait(false), "GetAsync");
        foreach (string link in links)
        {
            run.Clock.Advance(TimeSpan.FromMinutes(1));
            DigestItem corrected = original with { Url = link };
            run.Outcomes(await run.StoreAsync(repository, corrected).ConfigureAwait(false), DigestItemOutcome.Updated);
            stored = stored with { Item = corrected, Revision = stored.Revision + 1, UpdatedAt = run.Clock.GetUtcNow() };
            run.Equal(stored, run.Single(await run.GetAsync(repository).ConfigureAwait(false), "GetAsync"), "the item with the link " + link);
            run.Outcomes(await run.StoreAsync(repository, corrected).ConfigureAwait(false), DigestItemOutcome.Unchanged);
        }
    }

    private static async Task LookAlikes(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        string[] titles = ["caf\u00E9", "cafe\u0301", "CAF\u00C9", "caf\u00E9 ", "caf\u00E9\u200B", "caf\u0435", "0"];
        await run.StoreAsync(repository, Samples.Item(1, "first")).ConfigureAwait(false);
        foreach (string title in titles)
        {
            run.Outcomes(await run.StoreAsync(repository, Samples.Item(1, title)).ConfigureAwait(false), DigestItemOutcome.Updated);
            run.Titles([title], await run.GetAsync(repository).ConfigureAwait(false), "GetAsync");
        }
    }

    private static async Task OrderStays(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        await run.StoreAsync(repository, Samples.Items(30)).ConfigureAwait(false);

        run.Clock.Advance(TimeSpan.FromMinutes(1));
        DigestItem[] second = [Samples.Item(31), .. Samples.Items(30).Reverse(), Samples.Item(30), Samples.Item(5, "changed")];
        await run.StoreAsync(repository, second).ConfigureAwait(false);

        run.Clock.Advance(TimeSpan.FromMinutes(1));
        await run.StoreAsync(repository, Samples.Item(32)).ConfigureAwait(false);

        IEnumerable<string> expected = [.. Samples.Titles(5), "changed", .. Samples.Titles(24, from: 6), Samples.Title(31), Samples.Title(30), Samples.Title(32)];
        run.Titles(expected, await run.GetAsync(repository).ConfigureAwait(false), "GetAsync");
    }

    private static async Task RemovedValue(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        await run.StoreAsync(repository, Samples.Full).ConfigureAwait(false);

        DigestItem bare = Samples.Page(Samples.Full.Url, Samples.Full.Title);
        run.Outcomes(await run.StoreAsync(repository, bare).ConfigureAwait(false), DigestItemOutcome.Updated);
        run.Equal(bare, run.Single(await run.GetAsync(repository).ConfigureAwait(false), "GetAsync").Item, "the item");
    }

    private static async Task Mixed(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        await run.StoreAsync(repository, Samples.Items(200)).ConfigureAwait(false);

        DigestItem[] items = [.. Samples.Items(300).Select((item, number) => number % 3 == 0 ? item with { Author = "Somebody" } : item)];
        StoreResult result = await run.StoreAsync(repository, items).ConfigureAwait(false);
        run.SameList(
            items.Select((_, number) => number >= 200 ? DigestItemOutcome.Inserted : number % 3 == 0 ? DigestItemOutcome.Updated : DigestItemOutcome.Unchanged),
            result.Outcomes,
            "the outcomes");
        run.SameList(items, (await run.GetAsync(repository).ConfigureAwait(false)).Select(stored => stored.Item), "GetAsync");
    }
}
