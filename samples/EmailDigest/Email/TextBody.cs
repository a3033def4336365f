using System.Text;
using DigestStore;

namespace EmailDigest.Email;

/// <summary>The email for readers of plain text.</summary>
internal static class TextBody
{
    private const int Width = 76;

    public static string Render(DigestEmail email)
    {
        var text = new StringBuilder();
        Line(text, $"Your digest for {email.Day}");
        Line(text, email.Links);
        foreach (IGrouping<string, DigestItem> source in email.BySource)
        {
            Line(text);
            Line(text, source.Key);
            Line(text, new string('-', Math.Min(source.Key.Length, Width)));
            foreach (DigestItem item in source)
            {
                Line(text);
                Wrap(text, "* ", item.Title);
                Wrap(text, "  ", item.Summary);
                Wrap(text, "  ", DigestEmail.Byline(item));
                if (Feeds.FeedLink.IsWeb(item.Url))
                {
                    Line(text, "  " + item.Url); // Never broken: a link over two lines is dead.
                }
            }
        }

        if (email.Items.Count == 0)
        {
            Line(text);
            Line(text, "Nothing new today.");
        }

        return text.ToString();
    }

    private static void Wrap(StringBuilder text, string indent, string? words)
    {
        var line = new StringBuilder(indent);
        foreach (string word in (words ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > indent.Length && line.Length + word.Length > Width)
            {
                Line(text, line.ToString().TrimEnd());
                line.Clear().Append("  ");
            }

            line.Append(word).Append(' ');
        }

        if (line.Length > indent.Length)
        {
            Line(text, line.ToString().TrimEnd());
        }
    }

    // Mail has CRLF everywhere (RFC 5322 section 2.3).
    private static void Line(StringBuilder text, string line = "") => text.Append(line).Append("\r\n");
}
