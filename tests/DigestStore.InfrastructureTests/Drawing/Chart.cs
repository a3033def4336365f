using System.Globalization;
using System.Text.RegularExpressions;
using DigestStore.InfrastructureTests.Monitoring;

namespace DigestStore.InfrastructureTests.Drawing;

/// <summary>A line of a widget, ready to be drawn.</summary>
internal sealed record Curve(string Label, string Color, bool IsOnRightAxis, SortedDictionary<DateTimeOffset, double> Points, DateTimeOffset LastPeriod)
{
    /// <summary>The value of the last period.</summary>
    public string Last => Points.TryGetValue(LastPeriod, out double value) ? Text(value) : "–";

    public static string Text(double value) => value switch
    {
        0 => "0",
        _ when Math.Abs(value) >= 1000 => value.ToString("#,0", CultureInfo.InvariantCulture),
        _ when Math.Abs(value) >= 10 => value.ToString("0.#", CultureInfo.InvariantCulture),
        _ => value.ToString("0.###", CultureInfo.InvariantCulture),
    };
}

/// <summary>The curves of a metric widget over a window of time: lines, or areas on top of each other.</summary>
internal sealed partial class Chart(Widget widget, MetricArchive archive, Window window)
{
    private static readonly string[] Palette = ["#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22", "#17becf"];

    /// <summary>Whether every metric is AWS's own, so that a run without AWS has none.</summary>
    public bool IsAws => widget.Queries.All(static query => query.Metric is null or { IsAws: true }) && widget.Queries.Any(static query => query.Metric is not null);

    public IReadOnlyList<Curve> Curves()
    {
        var math = new MetricMath(archive, window, widget.Queries);
        List<Curve> curves = [];
        foreach (MetricQuery query in widget.Queries.Where(static query => query.IsShown))
        {
            foreach (MetricLine line in math.LinesOf(query))
            {
                curves.Add(new Curve(Label(query, line), query.Color ?? Palette[curves.Count % Palette.Length], query.IsOnRightAxis, line.Points, window.Periods.Last()));
            }
        }

        return curves;
    }

    public void Draw(SvgPage page, double x, double y, double width, double height)
    {
        IReadOnlyList<Curve> curves = Curves();
        if (IsAws)
        {
            page.Text(x + (width / 2), y + (height / 2), "AWS's own metrics: none without an AWS account", 11, "#687078", "middle");
            return;
        }

        if (curves.All(static curve => curve.Points.Count == 0))
        {
            page.Text(x + (width / 2), y + (height / 2), "no data in these days", 11, "#687078", "middle");
            return;
        }

        int legendRows = Legend(page, curves, x, y + height, width);
        var area = (X: x + 30, Y: y + 6, Width: width - 30 - (curves.Any(static curve => curve.IsOnRightAxis) ? 30 : 6), Height: height - 22 - (legendRows * 13));
        Axes(page, area, curves);
        if (widget.IsStacked)
        {
            Stack(page, area, curves, Top(curves, isRight: false));
            return;
        }

        double left = Top(curves, isRight: false);
        (double At, string Label, string Color)[] thresholds =
            [.. widget.Thresholds.Where(threshold => threshold.Value <= left).Select(threshold => (area.Y + area.Height - (area.Height * threshold.Value / left), threshold.Label, threshold.Color))];
        foreach ((double at, _, string color) in thresholds)
        {
            page.Line(area.X, at, area.X + area.Width, at, color, isDashed: true);
        }

        // Of equal lines the first is on top, and a later one is the wider, so that both are seen.
        foreach ((int place, Curve curve) in curves.Index().Reverse())
        {
            double top = Top(curves, curve.IsOnRightAxis);
            (double X, double Y)[] points = [.. curve.Points.Select(point => (Across(area.X, area.Width, point.Key), area.Y + area.Height - (area.Height * Math.Clamp(point.Value / top, 0, 1))))];
            page.Path(points, curve.Color, Math.Min(1.2 + (0.7 * place), 3.3));
            Array.ForEach(points, point => page.Dot(point.X, point.Y, curve.Color));
        }

        foreach ((double at, string label, string color) in thresholds)
        {
            double wide = (label.Length * 4.6) + 4;
            page.Box(area.X + area.Width - wide, at - 5.5, wide, 11, "#ffffff");
            page.Text(area.X + area.Width - 2, at + 3, label, 9, color, "end");
        }
    }

    private static string Label(MetricQuery query, MetricLine line) => line.Metric is null || query.Label is null
        ? query.Label ?? query.Id
        : Dimension().Replace(query.Label, match => line.Metric.Pairs.First(pair => pair.Name == match.Groups["name"].Value).Value);

    // A threshold is on the scale when the curves come near it, so that a good day does not look like a flat line.
    private double Top(IReadOnlyList<Curve> curves, bool isRight)
    {
        IEnumerable<double> values = widget.IsStacked
            ? window.Periods.Select(period => curves.Sum(curve => curve.Points.GetValueOrDefault(period)))
            : curves.Where(curve => curve.IsOnRightAxis == isRight).SelectMany(static curve => curve.Points.Values);
        double most = values.DefaultIfEmpty(0).Max();
        IEnumerable<double> near = isRight ? [] : widget.Thresholds.Select(static threshold => threshold.Value).Where(value => value <= most * 4);
        return Round(Math.Max(most, near.DefaultIfEmpty(0).Max()));
    }

    // The next number whose half is easy to read.
    private static double Round(double value)
    {
        if (value <= 0)
        {
            return 1;
        }

        double power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return power * ((double[])[1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10]).First(step => step * power >= value * 0.999);
    }

    private void Axes(SvgPage page, (double X, double Y, double Width, double Height) area, IReadOnlyList<Curve> curves)
    {
        double left = Top(curves, isRight: false);
        foreach (double share in (double[])[0, 0.5, 1])
        {
            double at = area.Y + (area.Height * (1 - share));
            page.Line(area.X, at, area.X + area.Width, at, "#e1e4e8");
            page.Text(area.X - 3, at + 3, Curve.Text(left * share), 9, "#687078", "end");
            if (curves.Any(static curve => curve.IsOnRightAxis))
            {
                page.Text(area.X + area.Width + 3, at + 3, Curve.Text(Top(curves, isRight: true) * share), 9, "#687078");
            }
        }

        foreach (DateTimeOffset period in window.Periods.Where((_, index) => index % 3 == 1))
        {
            page.Text(Across(area.X, area.Width, period), area.Y + area.Height + 11, period.ToString("MM-dd", CultureInfo.InvariantCulture), 9, "#687078", "middle");
        }
    }

    private void Stack(SvgPage page, (double X, double Y, double Width, double Height) area, IReadOnlyList<Curve> curves, double top)
    {
        double bar = area.Width / window.Count * 0.7;
        foreach (DateTimeOffset period in window.Periods)
        {
            double floor = area.Y + area.Height;
            foreach (Curve curve in curves)
            {
                double height = area.Height * curve.Points.GetValueOrDefault(period) / top;
                if (height > 0)
                {
                    page.Box(Across(area.X, area.Width, period) - (bar / 2), floor - height, bar, height, curve.Color);
                    floor -= height;
                }
            }
        }
    }

    private static int Legend(SvgPage page, IReadOnlyList<Curve> curves, double x, double bottom, double width)
    {
        List<List<Curve>> rows = [[]];
        double used = 0;
        foreach (Curve curve in curves)
        {
            double needs = Width(curve);
            if (used + needs > width && rows[^1].Count > 0)
            {
                rows.Add([]);
                used = 0;
            }

            rows[^1].Add(curve);
            used += needs;
        }

        for (int row = 0; row < rows.Count; row++)
        {
            double at = x;
            double y = bottom - ((rows.Count - row - 1) * 13);
            foreach (Curve curve in rows[row])
            {
                page.Box(at, y - 7, 7, 7, curve.Color);
                page.Text(at + 10, y, $"{curve.Label} {curve.Last}", 9.5, "#414750");
                at += Width(curve);
            }
        }

        return rows.Count;

        static double Width(Curve curve) => 26 + ($"{curve.Label} {curve.Last}".Length * 5.2);
    }

    private double Across(double x, double width, DateTimeOffset at) => x + (width * ((at - window.Start) / window.Period + 0.5) / window.Count);

    [GeneratedRegex(@"\$\{PROP\('Dim\.(?<name>[^']+)'\)\}", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Dimension();
}
