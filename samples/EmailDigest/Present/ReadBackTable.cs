using Spectre.Console;

namespace EmailDigest.Present;

/// <summary>The digest as the repository has it; a narrow terminal gets fewer columns, since halves of words help nobody.</summary>
internal static class ReadBackTable
{
    public const int MaxRows = 20;

    private const int Frame = 3; // Of a column: a border and two spaces.
    private const int Number = 2 + Frame;
    private const int Revision = 4 + Frame;
    private const int Host = 24 + Frame;
    private const int Source = 22 + Frame;
    private const int MinTitle = 24;
    private const int MaxTitle = 70;

    public static Table Of(Digest digest, int width, int rows = MaxRows)
    {
        int title = width - Number - Revision - Frame - 1;
        bool hasHost = title - Host >= MinTitle;
        bool hasSource = title - Host - Source >= MinTitle;
        title = Math.Clamp(title - (hasHost ? Host : 0) - (hasSource ? Source : 0), 8, MaxTitle);
        Table table = new Table().Border(TableBorder.Rounded);
        foreach (string name in Shown("#", "Title", "Source", "Host", "Rev."))
        {
            table.AddColumn(new TableColumn(name).NoWrap().Alignment(name is "#" or "Rev." ? Justify.Right : Justify.Left));
        }

        foreach ((int index, StoredDigestItem stored) in digest.Take(rows).Index())
        {
            table.AddRow(Shown(
                new Text($"{index + 1}"),
                Cell(stored.Item.Title, title),
                Cell(stored.Item.Source, Source - Frame),
                Cell(Uri.TryCreate(stored.Item.Url, UriKind.Absolute, out Uri? link) ? link.Host : "", Host - Frame),
                new Text($"{stored.Revision}")));
        }

        return table;

        IEnumerable<T> Shown<T>(params T[] all) => all.Where((_, column) => (column != 2 || hasSource) && (column != 3 || hasHost));
    }

    private static Text Cell(string? text, int maxLength) => new(EntryText.Clean(text, maxLength));
}
