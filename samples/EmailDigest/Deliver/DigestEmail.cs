namespace EmailDigest.Deliver;

/// <summary>What the email says, before it has a form.</summary>
internal sealed record DigestEmail
{
    public required DateOnly Date { get; init; }
    public required IReadOnlyList<DigestItem> Items { get; init; }
    public string Subject => string.Create(CultureInfo.InvariantCulture, $"Your digest for {Date:d MMMM yyyy}: {Links}");
    public string Day => Date.ToString("dddd, d MMMM yyyy", CultureInfo.InvariantCulture);
    public string Links => Items.Count == 1 ? "1 link" : string.Create(CultureInfo.InvariantCulture, $"{Items.Count} links");

    /// <summary>The items by source, in the order in which each source comes first.</summary>
    public IEnumerable<IGrouping<string, DigestItem>> BySource => Items.GroupBy(item => string.IsNullOrEmpty(item.Source) ? "Other links" : item.Source, StringComparer.Ordinal);

    /// <summary>Without the database: the items collected, each page once; as in the store the last copy wins, in the place of the first.</summary>
    public static IReadOnlyList<DigestItem> Distinct(IReadOnlyList<DigestItem> collected) =>
        [.. collected.Where(item => !string.IsNullOrWhiteSpace(item.Title)).GroupBy(IdOf).Where(page => page.Key is not null).Select(page => page.Last())];

    /// <summary>The .eml file: the one that the options name, or one of the day in the folder that they name.</summary>
    public static string PathFor(JobOptions options) => IsFolder(options)
        ? Path.Combine(options.Output, string.Create(CultureInfo.InvariantCulture, $"digest-{options.Date:yyyy-MM-dd}.eml"))
        : options.Output;

    public static string FolderFor(JobOptions options) => IsFolder(options) ? options.Output : Path.GetDirectoryName(options.Output) ?? "";

    public static string Byline(DigestItem item)
    {
        string host = Uri.TryCreate(item.Url, UriKind.Absolute, out Uri? link) ? link.Host : "";
        string date = item.PublishedAt?.ToUniversalTime().ToString("d MMM yyyy", CultureInfo.InvariantCulture) ?? "";
        return string.Join(" · ", new[] { host, item.Author ?? "", date }.Where(part => part.Length > 0));
    }

    private static DigestItemId? IdOf(DigestItem item) => DigestItemId.TryCreate(item.Url, out DigestItemId id) ? id : null;
    private static bool IsFolder(JobOptions options) => Path.EndsInDirectorySeparator(options.Output) || Directory.Exists(options.Output);
}
