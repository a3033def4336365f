using System.Globalization;
using DigestStore;
using EmailDigest.Feeds;
using Spectre.Console;

namespace EmailDigest.Output;

/// <summary>The digest as the repository has it.</summary>
internal static class ReadBackTable
{
    public const int MaxRows = 20;

    // What the other columns and the borders take; titles get the rest.
    private const int OtherColumns = 66;

    public static void Print(IAnsiConsole console, Digest digest)
    {
        int titleLength = Math.Clamp(console.Profile.Width - OtherColumns, 16, 70);
        Table table = new Table().Border(TableBorder.Rounded);
        table.AddColumn(new TableColumn("#").RightAligned().NoWrap());
        table.AddColumn(new TableColumn("Title"));
        table.AddColumn(new TableColumn("Source"));
        table.AddColumn(new TableColumn("Host"));
        table.AddColumn(new TableColumn("Rev.").RightAligned().NoWrap());
        int number = 0;
        foreach (StoredDigestItem stored in digest.Take(MaxRows))
        {
            table.AddRow(
                Cell((++number).ToString(CultureInfo.InvariantCulture), 6),
                Cell(stored.Item.Title, titleLength),
                Cell(stored.Item.Source, 22),
                Cell(Uri.TryCreate(stored.Item.Url, UriKind.Absolute, out Uri? link) ? link.Host : "", 24),
                Cell(stored.Revision.ToString(CultureInfo.InvariantCulture), 6));
        }

        console.Write(table);
        if (digest.Count > MaxRows)
        {
            console.Line(string.Create(CultureInfo.InvariantCulture, $"   … and {digest.Count - MaxRows:N0} more"));
        }
    }

    private static Text Cell(string? text, int maxLength) => new(HtmlText.Clean(text, maxLength));
}
