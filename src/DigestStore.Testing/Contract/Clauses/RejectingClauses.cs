using System.Collections;

namespace DigestStore.Testing;

internal static class RejectingClauses
{
    private const string Marker = "content-that-no-problem-may-name";

    public static IReadOnlyList<ContractClause> All { get; } =
    [
        Clause("A missing element is rejected, its neighbours are stored", "A null in the list costs nobody else anything.", run =>
            RejectsAsync(run, StoreProblemReason.ItemMissing, [null!])),
        Clause("A missing or blank title is rejected", "A digest has no line without text.", run =>
            RejectsAsync(run, StoreProblemReason.TitleMissing, [.. new[] { null, "", " ", "\t\r\n\u00A0", "\u200B", "\u3164 \uFEFF", "\u202E\u2060\U000E0041" }.Select(title => Samples.Page("https://example.org/" + Marker, title!))])),
        Clause("A missing or blank URL is rejected", "A digest has no line without a link.", run =>
            RejectsAsync(run, StoreProblemReason.UrlMissing, Pages(null, "", " ", "\t\n"))),
        Clause("A relative URL is rejected", "A link in an email has no page to be relative to.", run =>
            RejectsAsync(run, StoreProblemReason.UrlNotAbsolute, Pages("/" + Marker, "articles/" + Marker, "//example.org/" + Marker, "?q=" + Marker, "#" + Marker, "../" + Marker, "/etc/passwd", "example.org/" + Marker))),
        Clause("A URL that is not http or https is rejected", "No script, file or mail address gets into an email by way of a link.", run =>
            RejectsAsync(run, StoreProblemReason.UrlSchemeNotAllowed, Pages("javascript:alert('" + Marker + "')", "JavaScript:" + Marker, "file:///etc/" + Marker, "mailto:" + Marker + "@example.org", "ftp://example.org/" + Marker, "data:text/html," + Marker, "urn:isbn:" + Marker))),
        Clause("A URL of more than 2,048 characters is rejected, one of 2,048 is not", "The limit is exact.", UrlTooLong),
        Clause("A URL with a user name or password is rejected", "No credentials are stored, and none mislead a reader about the host.", run =>
            RejectsAsync(run, StoreProblemReason.UrlHasUserInfo, Pages("https://user@example.org/" + Marker, "https://user:secret@example.org/" + Marker, "http://:secret@example.org/" + Marker))),
        Clause("A malformed URL is rejected", "What a browser cannot open is no link.", run =>
            RejectsAsync(run, StoreProblemReason.UrlMalformed, Pages("https://", "https:///" + Marker, "https://example.org:99999/" + Marker, "https://[::1/" + Marker, "https://exa mple.org/" + Marker))),
        Clause("A text with half of a surrogate pair is rejected", "It would be stored as another text, and two URLs could become one.", InvalidUnicode),
        Clause("A record of more than 400 KB is rejected, counted in UTF-8", "One item too large never takes its neighbours along.", ItemTooLarge),
        Clause("An item whose tags or metadata cannot be read is rejected", "A broken list inside an item is that item's problem alone.", ItemUnreadable),
        Clause("An input of invalid items alone fails", "A digest of which nothing is stored never looks like a success.", AllRejected),
        Clause("Rejected items do not make a store partial", "Everything that can be stored is stored; the counts tell of the rest.", StillStored),
    ];

    private static ContractClause Clause(string name, string promise, Func<ContractRun, Task> verify) =>
        new(ContractTheme.Rejecting, name, promise, verify);

    private static DigestItem[] Pages(params string?[] urls) => [.. urls.Select(url => Samples.Page(url!, Marker))];

    // Every invalid item is placed between two valid ones, so that the clause also shows that its neighbours are stored.
    private static async Task RejectsAsync(ContractRun run, StoreProblemReason reason, DigestItem[] invalid)
    {
        IDigestRepository repository = run.Repository();
        DigestItem[] items = [.. invalid.SelectMany((item, number) => new[] { Samples.Item(number), item }), Samples.Item(invalid.Length)];
        StoreResult result = await run.StoreAsync(repository, items).ConfigureAwait(false);
        DigestItemOutcome[] expected = [.. items.Select((_, number) => number % 2 == 1 ? DigestItemOutcome.Rejected : DigestItemOutcome.Inserted)];
        run.Outcomes(result, expected);
        run.Equal(StoreStatus.Stored, result.Status, "Status");
        run.Titles(Samples.Titles(invalid.Length + 1), await run.GetAsync(repository).ConfigureAwait(false), "GetAsync");

        StoreProblem[] problems = [.. result.Problems.OrderBy(problem => problem.Index)];
        run.SameList(invalid.Select((_, number) => (int?)((2 * number) + 1)), problems.Select(problem => problem.Index), "Problems, the indexes");
        run.SameList(invalid.Select(_ => reason), problems.Select(problem => problem.Reason), "Problems, the reasons");
        foreach (StoreProblem problem in problems)
        {
            run.Equal(DigestItemOutcome.Rejected, problem.Outcome, "the outcome of a problem");
            run.True(!string.IsNullOrWhiteSpace(problem.Message), "the message of a problem", "a text", problem.Message);
            run.True(!problem.Message.Contains(Marker, StringComparison.OrdinalIgnoreCase), "the message of a problem", "no content of the item", problem.Message);
        }

        run.True(result.Quality.Defects.TryGetValue(reason, out int count) && count == invalid.Length, "Quality.Defects", $"{reason}: {invalid.Length}", result.Quality.Defects);
    }

    private static async Task UrlTooLong(ContractRun run)
    {
        string longest = "https://example.org/".PadRight(2_048, 'a');
        await RejectsAsync(run, StoreProblemReason.UrlTooLong, [Samples.Page(longest + "a"), Samples.Page(longest.PadRight(9_000, 'b'))]).ConfigureAwait(false);
        IDigestRepository repository = run.Repository();
        run.Outcomes(await run.StoreAsync(repository, Samples.Page(longest)).ConfigureAwait(false), DigestItemOutcome.Inserted);
        StoredDigestItem? found = await run.FindAsync(repository, longest).ConfigureAwait(false);
        run.Equal(longest, run.NotNull(found, "FindAsync").Item.Url, "the URL found");
    }

    private static Task InvalidUnicode(ContractRun run)
    {
        const string half = "half \uD83D of a pair";
        DigestItem valid = Samples.Page("https://example.org/" + Marker);
        return RejectsAsync(run, StoreProblemReason.InvalidUnicode,
        [
            valid with { Url = "https://example.org/\uD83D" },
            valid with { Url = "https://example.org/\uDE00x" },
            valid with { Title = half },
            valid with { Summary = "ends with \uD83D" },
            valid with { Source = "\uDE00\uD83D" },
            valid with { Category = half },
            valid with { Author = half },
            valid with { Tags = ["good", half] },
            valid with { Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [half] = "value" } },
            valid with { Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["name"] = half } },
        ]);
    }

    private static async Task ItemTooLarge(ContractRun run)
    {
        DigestItem item = Samples.Page("https://example.org/large");
        await RejectsAsync(run, StoreProblemReason.ItemTooLarge,
        [
            item with { Summary = new string('x', 410_000) },
            item with { Summary = new string('x', 5_000_000) },
            item with { Summary = string.Concat(Enumerable.Repeat("\U0001F600", 105_000)) },
            item with { Tags = [.. Enumerable.Range(0, 10_000).Select(number => Samples.Url(number) + "/and/some/more")] },
            item with { Metadata = Enumerable.Range(0, 10_000).ToDictionary(Samples.Url, Samples.Url, StringComparer.Ordinal) },
        ]).ConfigureAwait(false);

        IDigestRepository repository = run.Repository();
        DigestItem[] fitting =
        [
            item with { Url = item.Url + "/1", Summary = new string('x', 405_000) },
            item with { Url = item.Url + "/2", Summary = string.Concat(Enumerable.Repeat("\U0001F600", 101_000)) },
        ];
        run.AllOutcomes(await run.StoreAsync(repository, fitting).ConfigureAwait(false), DigestItemOutcome.Inserted);
        run.Equal(fitting[1], (await run.FindAsync(repository, fitting[1].Url).ConfigureAwait(false))?.Item, "an item just below the limit");
    }

    private static Task ItemUnreadable(ContractRun run)
    {
        DigestItem valid = Samples.Page("https://example.org/" + Marker);
        return RejectsAsync(run, StoreProblemReason.ItemUnreadable,
        [
            valid with { Tags = new BrokenTags() },
            valid with { Metadata = new BrokenMetadata() },
        ]);
    }

    private static async Task AllRejected(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        StoreResult result = await run.StoreAsync(repository, null!, Samples.Item(1, ""), Samples.Page("/relative")).ConfigureAwait(false);
        run.AllOutcomes(result, DigestItemOutcome.Rejected);
        run.Equal(StoreStatus.Failed, result.Status, "Status");
        DigestStoreException thrown = await run.ThrowsAsync<DigestStoreException>(() => Task.Run(result.EnsureStored), "EnsureStored").ConfigureAwait(false);
        run.Equal(DigestStoreErrorReason.NotStored, thrown.Reason, "the reason of EnsureStored");
        run.Equal(0, (await run.GetAsync(repository).ConfigureAwait(false)).Count, "the number of items stored");
    }

    private static async Task StillStored(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        StoreResult result = await run.StoreAsync(repository, Samples.Item(0), null!, Samples.Page("mailto:a@example.org")).ConfigureAwait(false);
        run.Equal(StoreStatus.Stored, result.Status, "Status");
        run.Equal(2, result.Rejected, "Rejected");
        result.EnsureStored();
    }

    private sealed class BrokenTags : IReadOnlyList<string>
    {
        public int Count => 2;

        public string this[int index] => throw new InvalidOperationException(Marker);

        public IEnumerator<string> GetEnumerator() => throw new InvalidOperationException(Marker);

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class BrokenMetadata : IReadOnlyDictionary<string, string>
    {
        public IEnumerable<string> Keys => throw new InvalidOperationException(Marker);

        public IEnumerable<string> Values => throw new InvalidOperationException(Marker);

        public int Count => 2;

        public string this[string key] => throw new InvalidOperationException(Marker);

        public bool ContainsKey(string key) => throw new InvalidOperationException(Marker);

        public bool TryGetValue(string key, out string value) => throw new InvalidOperationException(Marker);

        public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => throw new InvalidOperationException(Marker);

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
