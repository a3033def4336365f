namespace DigestStore.FaultTests;

/// <summary>Makes the inputs of a schedule: new content, old content again, copies of a page, other spellings, invalid items.</summary>
internal sealed class ModelInput(ModelProfile profile)
{
    public const string Tracking = "?utm_source=mail";
    private const int TooLarge = 420_000;

    private readonly Random _random = profile.Random;

    // The last item that was handed in for each page.
    private readonly Dictionary<int, ModelItem> _last = [];
    private int _serial;

    public List<ModelItem> Next(IReadOnlyCollection<int>? onlyPages = null)
    {
        int[] pages = [.. (onlyPages ?? [.. Enumerable.Range(0, profile.Pages)]).OrderBy(_ => _random.Next())];
        var items = new List<ModelItem>();
        foreach (int page in pages.Take(_random.Next(1, pages.Length + 1)))
        {
            items.Add(Valid(page));
        }

        for (int copies = _random.Next(2) == 0 ? _random.Next(1, 6) : 0; copies > 0; copies--)
        {
            items.Insert(_random.Next(3) == 0 ? _random.Next(items.Count + 1) : items.Count, Valid(items[_random.Next(items.Count)].Page));
        }

        for (int defects = _random.Next(4) == 0 ? _random.Next(1, 4) : 0; defects > 0; defects--)
        {
            items.Insert(_random.Next(items.Count + 1), Invalid());
        }

        foreach (ModelItem item in items.Where(item => item.Defect is null))
        {
            _last[item.Page] = item;
        }

        return items;
    }

    private ModelItem Valid(int page)
    {
        bool hasWww = _random.Next(4) == 0;
        string url = $"{profile.Pick("https", "https", "http")}://{(hasWww ? "www." : "")}example.com/p/{page}{profile.Pick("", "", "/")}{profile.Pick("", Tracking)}{profile.Pick("", "", "#part")}";
        bool isAgain = _last.TryGetValue(page, out ModelItem? last) && _random.Next(5) < 2;
        if (isAgain)
        {
            // The same link, with other tracking at most, or another link to the same page.
            bool isSameLink = _random.Next(2) == 0;
            url = isSameLink ? WithTracking(ModelItem.WithoutTracking(last!.Url), profile.Pick("", Tracking)) : url;
            return new ModelItem(last!.Item! with { Url = url }, page, isSameLink ? last.HasWww : hasWww, null);
        }

        return new ModelItem(
            new DigestItem
            {
                Url = url,
                Title = profile.TitleOf($"title {profile.Seed} {++_serial}"),
                Summary = profile.Pick(null, "", "short", new string('x', 300)),
                Source = profile.Pick(null, "Example Weekly"),
                PublishedAt = profile.Pick<DateTimeOffset?>(null, new DateTimeOffset(2026, 11, 20, 18, 0, 0, TimeSpan.FromHours(1))),
                Tags = profile.Pick<IReadOnlyList<string>>([], ["b", "a"]),
                Metadata = profile.Pick<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>(), new Dictionary<string, string> { ["words"] = "1200", ["lang"] = "de" }),
            },
            page,
            hasWww,
            null);
    }

    private static string WithTracking(string url, string tracking)
    {
        int fragment = url.IndexOf('#', StringComparison.Ordinal);
        return fragment < 0 ? url + tracking : url[..fragment] + tracking + url[fragment..];
    }

    private ModelItem Invalid()
    {
        var item = new DigestItem { Url = $"https://example.com/p/{_random.Next(profile.Pages)}", Title = $"invalid {profile.Seed} {++_serial}" };
        return _random.Next(5) switch
        {
            0 => new ModelItem(null, -1, false, StoreProblemReason.ItemMissing),
            1 => new ModelItem(item with { Url = "ftp://example.com/p/1" }, -1, false, StoreProblemReason.UrlSchemeNotAllowed),
            2 => new ModelItem(item with { Title = profile.Pick(" ", "\u200b") }, -1, false, StoreProblemReason.TitleMissing),
            3 => new ModelItem(item with { Title = item.Title + " \ud800" }, -1, false, StoreProblemReason.InvalidUnicode),
            _ => new ModelItem(item with { Summary = new string('y', TooLarge) }, -1, false, StoreProblemReason.ItemTooLarge),
        };
    }
}
