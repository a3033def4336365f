namespace DigestStore.Testing;

internal static class StoringClauses
{
    public static IReadOnlyList<ContractClause> All { get; } =
    [
        Clause("A stored item comes back equal in every field", "Nothing that was handed in is lost or changed, the spelling of the URL included.", EveryField),
        Clause("An item with a URL and a title alone comes back without anything else", "What was not given is not made up.", UrlAndTitleAlone),
        Clause("Texts of every script come back character by character", "Emoji, right-to-left marks, line separators and both forms of accents are content.", EveryScript),
        Clause("Empty texts come back as none, empty tags and metadata are left out", "An empty text and a missing one are the same.", EmptyTexts),
        Clause("Missing tags and metadata count as empty", "A null list in an item is no defect of the item.", MissingLists),
        Clause("The date of publication comes back in UTC, to 100 ns", "The instant is content, the offset is not.", PublishedAt),
        Clause("A new item has revision 1, the id of its URL and the time of the store", "An id can be computed without asking; times come from the clock given.", NewItem),
        Clause("A digest reads back in the order in which it was handed in", "The email's order is the digest's order.", Order),
        Clause("Digests of 0 to 51 items are stored whole", "No number of items falls between two requests.", EverySize),
        Clause("A digest of several megabytes is stored and read whole", "Pages of an engine are never the end of a digest.", SeveralMegabytes),
        Clause("What one repository stored, another over the same storage reads", "Nothing is kept in the instance.", AnotherInstance),
    ];

    private static ContractClause Clause(string name, string promise, Func<ContractRun, Task> verify) =>
        new(ContractTheme.Storing, name, promise, verify);

    private static async Task EveryField(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        StoreResult result = await run.StoreAsync(repository, Samples.Full).ConfigureAwait(false);
        run.Outcomes(result, DigestItemOutcome.Inserted);
        run.Equal(StoreStatus.Stored, result.Status, "Status");

        StoredDigestItem stored = run.Single(await run.GetAsync(repository).ConfigureAwait(false), "GetAsync");
        run.Equal(Samples.Full, stored.Item, "the item");
        run.SameList(Samples.Full.Tags, stored.Item.Tags, "the tags");
        run.Equal(ContractRun.Day, stored.Date, "Date");
    }

    private static async Task UrlAndTitleAlone(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        DigestItem bare = Samples.Page("https://example.org/bare");
        await run.StoreAsync(repository, bare).ConfigureAwait(false);

        StoredDigestItem stored = run.Single(await run.GetAsync(repository).ConfigureAwait(false), "GetAsync");
        run.Equal(bare, stored.Item, "the item");
        run.Equal(null, stored.ExpiresAt, "ExpiresAt without retention");
    }

    private static async Task EveryScript(ContractRun run)
    {
        string[] texts =
        [
            "\U0001F468‍\U0001F469‍\U0001F467 \U0001F1E9\U0001F1EA",
            "שלום \u202Eabc\u202C עולם",
            "مرحبا",
            "caf\u00E9",
            "cafe\u0301",
            "two\u2028lines\u2029three",
            "zero\u200Bwidth\uFEFF",
            "日本語 ภาษาไทย हिन्दी",
            "I ı İ i ß ẞ",
            "tab\tand\r\nbreak",
            "nul\0inside",
            "\"quotes\" \\ <b>&amp;</b> {{x}} %s ${y}",
            "\U0010FFFF\uFFFD\uFFFE",
        ];
        DigestItem[] items = [.. texts.Select((text, number) => Samples.Item(number, text) with
        {
            Summary = text,
            Source = text,
            Category = text,
            Author = text,
            Tags = [text],
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [text] = text },
        })];
        IDigestRepository repository = run.Repository();
        run.AllOutcomes(await run.StoreAsync(repository, items).ConfigureAwait(false), DigestItemOutcome.Inserted);

        Digest digest = await run.GetAsync(repository).ConfigureAwait(false);
        run.SameList(items, digest.Select(stored => stored.Item), "the items");
        run.AllOutcomes(await run.StoreAsync(repository, items).ConfigureAwait(false), DigestItemOutcome.Unchanged);
    }

    private static async Task EmptyTexts(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        DigestItem item = Samples.Page("https://example.org/empty") with
        {
            Summary = "",
            Source = "",
            Category = "",
            Author = "",
            Tags = ["", "kept", ""],
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [""] = "no name", ["no value"] = "", ["kept"] = "yes" },
        };
        await run.StoreAsync(repository, item).ConfigureAwait(false);

        StoredDigestItem stored = run.Single(await run.GetAsync(repository).ConfigureAwait(false), "GetAsync");
        DigestItem expected = Samples.Page("https://example.org/empty") with
        {
            Tags = ["kept"],
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["kept"] = "yes" },
        };
        run.Equal(expected, stored.Item, "the item");
        run.AllOutcomes(await run.StoreAsync(repository, expected).ConfigureAwait(false), DigestItemOutcome.Unchanged);
    }

    private static async Task MissingLists(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        DigestItem item = Samples.Page("https://example.org/missing") with { Tags = null!, Metadata = null! };
        run.Outcomes(await run.StoreAsync(repository, item).ConfigureAwait(false), DigestItemOutcome.Inserted);

        StoredDigestItem stored = run.Single(await run.GetAsync(repository).ConfigureAwait(false), "GetAsync");
        run.Equal(Samples.Page("https://example.org/missing"), stored.Item, "the item");
        run.SameList([], run.NotNull(stored.Item.Tags, "Tags"), "Tags");
        run.Equal(0, run.NotNull(stored.Item.Metadata, "Metadata").Count, "the number of metadata");
    }

    private static async Task PublishedAt(ContractRun run)
    {
        DateTimeOffset[] instants =
        [
            new DateTimeOffset(2100, 1, 1, 0, 30, 0, TimeSpan.FromHours(14)).AddTicks(1),
            new DateTimeOffset(2026, 3, 29, 2, 30, 0, TimeSpan.FromHours(1)),
            new DateTimeOffset(1969, 12, 31, 23, 59, 59, TimeSpan.FromHours(-11)).AddTicks(9_999_999),
            DateTimeOffset.MinValue,
            DateTimeOffset.MaxValue,
        ];
        IDigestRepository repository = run.Repository();
        DigestItem[] items = [.. instants.Select((instant, number) => Samples.Item(number) with { PublishedAt = instant })];
        run.AllOutcomes(await run.StoreAsync(repository, items).ConfigureAwait(false), DigestItemOutcome.Inserted);

        Digest digest = await run.GetAsync(repository).ConfigureAwait(false);
        run.SameList(instants.Select(instant => instant.UtcTicks), digest.Select(stored => stored.Item.PublishedAt!.Value.UtcTicks), "the instants");
        run.SameList(instants.Select(_ => TimeSpan.Zero), digest.Select(stored => stored.Item.PublishedAt!.Value.Offset), "the offsets");
    }

    private static async Task NewItem(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        await run.StoreAsync(repository, Samples.Full).ConfigureAwait(false);

        StoredDigestItem stored = run.Single(await run.GetAsync(repository).ConfigureAwait(false), "GetAsync");
        DigestItemId id = DigestItemId.Create(Samples.Full.Url);
        run.Equal(id, stored.Id, "Id");
        DigestItemId idOfCanonical = DigestItemId.Create(stored.CanonicalUrl);
        run.Equal(id, idOfCanonical, "the id of CanonicalUrl");
        run.Equal(1, stored.Revision, "Revision");
        run.Equal(ContractClock.Start, stored.CreatedAt, "CreatedAt");
        run.Equal(ContractClock.Start, stored.UpdatedAt, "UpdatedAt");
        run.Equal(TimeSpan.Zero, stored.CreatedAt.Offset, "the offset of CreatedAt");
    }

    private static async Task Order(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        DigestItem[] items = [.. Samples.Items(120).Reverse()];
        await run.StoreAsync(repository, items).ConfigureAwait(false);

        run.Titles(items.Select(item => item.Title), await run.GetAsync(repository).ConfigureAwait(false), "GetAsync");
    }

    private static async Task EverySize(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        for (int size = 0; size <= 51; size++)
        {
            DateOnly date = ContractRun.Day.AddDays(size);
            StoreResult result = await run.StoreAsync(repository, date, Samples.Items(size)).ConfigureAwait(false);
            run.AllOutcomes(result, DigestItemOutcome.Inserted);
            run.Titles(Samples.Titles(size), await run.GetAsync(repository, date).ConfigureAwait(false), "GetAsync");
        }
    }

    private static async Task SeveralMegabytes(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        DigestItem[] items = [.. Samples.Items(70).Select(item => item with { Summary = new string('x', 50_000) + item.Title })];
        run.AllOutcomes(await run.StoreAsync(repository, items).ConfigureAwait(false), DigestItemOutcome.Inserted);

        run.SameList(items, (await run.GetAsync(repository).ConfigureAwait(false)).Select(stored => stored.Item), "GetAsync");
        run.Equal(items.Length, (await run.ReadAsync(repository).ConfigureAwait(false)).Count, "the number of items of ReadAsync");
        run.AllOutcomes(await run.StoreAsync(repository, items).ConfigureAwait(false), DigestItemOutcome.Unchanged);
    }

    private static async Task AnotherInstance(ContractRun run)
    {
        await run.StoreAsync(run.Repository(), Samples.Items(3)).ConfigureAwait(false);

        IDigestRepository another = run.Repository();
        run.Titles(Samples.Titles(3), await run.GetAsync(another).ConfigureAwait(false), "GetAsync");
        run.AllOutcomes(await run.StoreAsync(another, Samples.Items(3)).ConfigureAwait(false), DigestItemOutcome.Unchanged);
    }
}
