using System.Text.Json;
using DigestStore.TestSupport;

namespace DigestStore.UnitTests.Docs;

// A Markdown page of docs/, by its headings.
internal sealed class DocumentPage(string relative)
{
    private readonly string[] _lines = RepositoryFiles.TextOf(relative).Split('\n');

    public string Text => string.Join('\n', _lines);

    // The cells of every table row of a section, code marks removed; head and rule are not rows.
    public IReadOnlyList<string[]> Rows(string heading) =>
    [
        .. Section(heading)
            .Where(static line => line.StartsWith('|'))
            .Select(static line => line.Trim().Trim('|').Split('|').Select(static cell => cell.Trim().Trim('`')).ToArray())
            .Where(static cells => !cells[0].StartsWith("---", StringComparison.Ordinal))
            .Skip(1),
    ];

    public JsonElement Json(string heading)
    {
        string json = string.Join(
            '\n',
            Section(heading)
                .SkipWhile(static line => !line.StartsWith("```json", StringComparison.Ordinal))
                .Skip(1)
                .TakeWhile(static line => !line.StartsWith("```", StringComparison.Ordinal)));
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    // From a heading to the next one of any level.
    private IEnumerable<string> Section(string heading)
    {
        int start = Array.FindIndex(_lines, line => string.Equals(line.TrimEnd(), heading, StringComparison.Ordinal));
        Assert.True(start >= 0, $"{relative} has no heading '{heading}'.");
        return _lines.Skip(start + 1).TakeWhile(static line => !line.StartsWith("## ", StringComparison.Ordinal) && !line.StartsWith("### ", StringComparison.Ordinal));
    }
}
