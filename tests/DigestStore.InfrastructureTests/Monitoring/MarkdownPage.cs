using DigestStore.TestSupport;

namespace DigestStore.InfrastructureTests.Monitoring;

/// <summary>A Markdown page by its headings.</summary>
internal sealed class MarkdownPage(string name, string text)
{
    private readonly string[] _lines = text.Split('\n');

    /// <summary>The headings of one level, without their marks.</summary>
    public IEnumerable<string> Headings(int level) => _lines.Where(line => line.StartsWith(new string('#', level) + " ", StringComparison.Ordinal)).Select(line => line[(level + 1)..].Trim());

    public string Text => text;

    public static MarkdownPage Load(string relative) => new(relative, RepositoryFiles.TextOf(relative));

    /// <summary>The fragment by which other pages link to a heading, as GitHub makes it.</summary>
    public static string Anchor(string heading) =>
        new([.. heading.ToLowerInvariant().Where(static character => char.IsAsciiLetterOrDigit(character) || character is ' ' or '-' or '_').Select(static character => character == ' ' ? '-' : character)]);

    /// <summary>The cells of the tables below a heading, without code marks; the head and its rule are no rows.</summary>
    public IReadOnlyList<string[]> Rows(string heading) =>
    [
        .. Section(heading).Where(static line => line.StartsWith('|')).Select(static line => line.Trim().Trim('|').Split('|').Select(static cell => cell.Trim().Trim('`')).ToArray())
            .Where(static cells => !cells[0].StartsWith("---", StringComparison.Ordinal)).Skip(1),
    ];

    /// <summary>The lines from a heading, with its marks, to the next one of the same or a higher level.</summary>
    public IEnumerable<string> Chapter(string heading)
    {
        int level = heading.IndexOf(' ', StringComparison.Ordinal);
        return After(heading).TakeWhile(line => !Enumerable.Range(1, level).Any(marks => line.StartsWith(new string('#', marks) + " ", StringComparison.Ordinal)));
    }

    private IEnumerable<string> Section(string heading) =>
        After(heading).TakeWhile(static line => !line.StartsWith("## ", StringComparison.Ordinal) && !line.StartsWith("### ", StringComparison.Ordinal));

    private IEnumerable<string> After(string heading)
    {
        int start = Array.FindIndex(_lines, line => line.TrimEnd() == heading);
        return start < 0 ? throw new InvalidDataException($"{name} has no heading '{heading}'.") : _lines.Skip(start + 1);
    }
}
