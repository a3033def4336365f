namespace EmailDigest.Deliver;

/// <summary>The email for readers of plain text.</summary>
internal static class TextBody
{
    private const int Width = 76;

    public static string Render(DigestEmail email)
    {
        var text = new StringBuilder();
        Line(text, $"Your digest for {email.Day}\r\n{email.Links}");
        foreach (IGrouping<string, DigestItem> source in email.BySource)
        {
            Line(text, $"\r\n{source.Key}\r\n{new string('-', Math.Min(source.Key.Length, Width))}");
            foreach (DigestItem item in source)
            {
                Line(text);
                Wrap(text, "* ", item.Title);
                Wrap(text, "  ", item.Summary);
                Wrap(text, "  ", DigestEmail.Byline(item));
                if (Collect.FeedLink.IsWeb(item.Url))
                {
                    Line(text, "  " + item.Url); // Never broken: a link over two lines is dead.
                }
            }
        }

        return text.Append(email.Items.Count == 0 ? "\r\nNothing new today.\r\n" : "").ToString();
    }

    private static void Wrap(StringBuilder text, string indent, string? words)
    {
        string line = indent;
        foreach (string word in (words ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            bool isFull = line.Length > indent.Length && line.Length + word.Length > Width;
            text.Append(isFull ? line.TrimEnd() + "\r\n" : "");
            line = $"{(isFull ? "  " : line)}{word} ";
        }

        text.Append(line.Length > indent.Length ? line.TrimEnd() + "\r\n" : "");
    }

    // Mail has CRLF everywhere (RFC 5322 section 2.3).
    private static void Line(StringBuilder text, string line = "") => text.Append(line).Append("\r\n");
}
