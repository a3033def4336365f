using System.Globalization;
using System.Text.RegularExpressions;
using DigestStore.InfrastructureTests.Monitoring;
using DigestStore.InfrastructureTests.Running;
using DigestStore.InfrastructureTests.Template;

namespace DigestStore.InfrastructureTests.Drawing;

/// <summary>The template's dashboard, widget by widget, as CloudWatch would show it for the metrics and the log of a run.</summary>
internal sealed partial class DashboardPicture(CloudFormationTemplate template, SimulatedDays days)
{
    private const double Column = 62;
    private const double Row = 40;
    private const double Gap = 4;

    public string Draw()
    {
        var dashboard = Dashboard.Of(template);
        var page = new SvgPage((Widget.Columns * Column) + Gap, (dashboard.Widgets.Max(static widget => widget.Y + widget.Height) * Row) + Gap);
        foreach (Widget widget in dashboard.Widgets)
        {
            (double x, double y, double width, double height) = ((widget.X * Column) + Gap, (widget.Y * Row) + Gap, (widget.Width * Column) - Gap, (widget.Height * Row) - Gap);
            page.Box(x, y, width, height, "#ffffff", "#d5dbdb", 3);
            page.Text(x + 8, y + 15, widget.Title, 12, isBold: true);
            Content(page, widget, x + 8, y + 20, width - 16, height - 26);
        }

        return page.ToString();
    }

    private void Content(SvgPage page, Widget widget, double x, double y, double width, double height)
    {
        switch (widget)
        {
            case { Type: "text" }:
                Markdown(page, widget.Markdown, x, y, width);
                break;
            case { Type: "alarm" }:
                Alarms(page, x, y, width);
                break;
            case { Type: "log" }:
                Log(page, LogQuery.Parse(widget.Query).Run(days.Logs), x, y, width, height);
                break;
            case { View: "singleValue" }:
                page.Text(x + width, y - 5, string.Create(CultureInfo.InvariantCulture, $"as of {SimulatedDays.Today:yyyy-MM-dd} 24:00 UTC"), 11, "#687078", "end");
                Numbers(page, new Chart(widget, days.Metrics, Days()).Curves(), x, y, width, height);
                break;
            default:
                new Chart(widget, days.Metrics, Days()).Draw(page, x, y, width, height);
                break;
        }
    }

    private static Window Days() => Window.Before(SimulatedDays.End, SimulatedDays.Count, TimeSpan.FromDays(1));

    private static void Markdown(SvgPage page, string markdown, double x, double y, double width)
    {
        double at = y;
        foreach (string line in markdown.Split('\n'))
        {
            bool isHeading = line.StartsWith("## ", StringComparison.Ordinal);
            string plain = Link().Replace(line.TrimStart('#', ' ').Replace("*", "", StringComparison.Ordinal), "${text}");
            foreach (string part in Wrapped(plain, (int)(width / (isHeading ? 8 : 5.9))))
            {
                page.Text(x, at + 8, part, isHeading ? 16 : 12, isBold: isHeading);
                at += isHeading ? 24 : 17;
            }
        }
    }

    private static IEnumerable<string> Wrapped(string text, int length)
    {
        string line = "";
        foreach (string word in text.Split(' '))
        {
            if (line.Length + word.Length >= length)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }

    // In ALARM, if it was in ALARM at any time of today: CloudWatch shows the state of the moment, and the picture is of the whole day.
    private void Alarms(SvgPage page, double x, double y, double width)
    {
        IReadOnlyList<Alarm> alarms = Alarm.AllOf(template);
        double box = (width - (4 * 6)) / 5;
        for (int index = 0; index < alarms.Count; index++)
        {
            Alarm alarm = alarms[index];
            bool isAws = alarm.Queries.All(static query => query.Metric is null or { IsAws: true });
            bool fired = !isAws && AlarmTimeline.Of(alarm, days.Metrics, SimulatedDays.End - TimeSpan.FromDays(1), SimulatedDays.End).Any(static change => change.State == AlarmState.Alarm);
            (double left, double top) = (x + (index % 5 * (box + 6)), y + 6 + (index / 5 * 27));
            page.Box(left, top, box, 22, isAws ? "#eaeded" : fired ? "#d13212" : "#1d8102", radius: 3);
            page.Text(left + 6, top + 15, alarm.RunbookAnchor!, 10.5, isAws ? "#545b64" : "#ffffff");
        }
    }

    private static void Numbers(SvgPage page, IReadOnlyList<Curve> curves, double x, double y, double width, double height)
    {
        double box = width / curves.Count;
        for (int index = 0; index < curves.Count; index++)
        {
            page.Text(x + (index * box), y + (height * 0.55), curves[index].Last, 30, isBold: true);
            page.Box(x + (index * box), y + (height * 0.9) - 8, 8, 8, curves[index].Color);
            page.Text(x + (index * box) + 12, y + (height * 0.9), curves[index].Label, 12, "#414750");
        }
    }

    private static void Log(SvgPage page, LogTable table, double x, double y, double width, double height)
    {
        string[][] rows = [table.Columns, .. table.Rows];
        int[] widths = [.. table.Columns.Select((_, column) => Math.Min(60, rows.Max(row => row[column].Length)))];
        double unit = Math.Min(5.6, width / (widths.Sum() + (2 * widths.Length)));
        for (int row = 0; row < rows.Length && (row + 1) * 14 <= height; row++)
        {
            double at = x;
            for (int column = 0; column < widths.Length; column++)
            {
                string cell = rows[row][column];
                page.Text(at, y + 10 + (row * 14), cell.Length > widths[column] ? cell[..(widths[column] - 1)] + "…" : cell, unit * 1.75, row == 0 ? "#687078" : "#16191f");
                at += unit * (widths[column] + 2);
            }
        }
    }

    [GeneratedRegex(@"\[(?<text>[^\]]+)\]\([^)]*\)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Link();
}
