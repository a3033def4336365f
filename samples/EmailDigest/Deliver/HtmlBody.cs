using System.Net;

namespace EmailDigest.Deliver;

/// <summary>The email for everyone else: tables and inline styles, since mail readers know little more.</summary>
internal static class HtmlBody
{
    private const string Font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

    public static string Render(DigestEmail email)
    {
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{Text(email.Subject)}</title></head>
            <body style="margin:0;padding:0;background-color:#f2f4f7">
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="background-color:#f2f4f7">
            <tr><td align="center" style="padding:24px 12px">
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:640px;background-color:#ffffff;border-radius:8px;{Font};color:#1d2733">
            <tr><td style="padding:28px 32px 20px;border-bottom:3px solid #2f6f8f">
            <h1 style="margin:0;font-size:24px;line-height:1.25">Your digest</h1>
            <p style="margin:6px 0 0;font-size:15px;color:#5a6675">{Text(email.Day)} · {Text(email.Links)}</p>
            </td></tr>

            """);
        foreach (IGrouping<string, DigestItem> source in email.BySource)
        {
            html.Append("<tr><td style=\"padding:24px 32px 0\">\n<h2 dir=\"auto\" style=\"margin:0;font-size:13px;letter-spacing:.06em;color:#2f6f8f\">").Append(Text(source.Key)).Append("</h2>\n</td></tr>\n");
            foreach (DigestItem item in source)
            {
                AppendItem(html, item);
            }
        }

        html.Append(email.Items.Count == 0 ? "<tr><td style=\"padding:28px 32px 0;font-size:15px\">Nothing new today.</td></tr>\n" : "");
        html.Append("""
            <tr><td style="padding:28px 32px;font-size:12px;line-height:1.5;color:#5a6675">
            Written by the DigestStore sample.
            </td></tr></table>
            </td></tr></table>
            </body></html>

            """);
        return html.ToString().ReplaceLineEndings("\r\n");
    }

    private static void AppendItem(StringBuilder html, DigestItem item)
    {
        html.Append("<tr><td style=\"padding:14px 32px 0\">\n");
        html.Append("<p dir=\"auto\" style=\"margin:0;font-size:17px;line-height:1.35;font-weight:600\">").Append(Heading(item)).Append("</p>\n");
        html.Append(string.IsNullOrWhiteSpace(item.Summary) ? "" : $"<p dir=\"auto\" style=\"margin:4px 0 0;font-size:15px;line-height:1.5\">{Text(item.Summary)}</p>\n");
        html.Append("<p style=\"margin:4px 0 0;font-size:13px;color:#5a6675\">").Append(Text(DigestEmail.Byline(item))).Append("</p>\n");
        html.Append("</td></tr>\n");
    }

    // Only http and https become links; whatever else a feed says stays text.
    private static string Heading(DigestItem item) => Collect.FeedLink.IsWeb(item.Url)
        ? $"<a href=\"{Text(item.Url)}\" style=\"color:#14507a;text-decoration:none\">{Text(item.Title)}</a>"
        : Text(item.Title);

    private static string Text(string? value) => WebUtility.HtmlEncode(value ?? "");
}
