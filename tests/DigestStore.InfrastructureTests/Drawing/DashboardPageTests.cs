using System.Text.RegularExpressions;
using DigestStore.InfrastructureTests.Monitoring;
using DigestStore.InfrastructureTests.Running;
using DigestStore.InfrastructureTests.Template;
using DigestStore.TestSupport;

namespace DigestStore.InfrastructureTests.Drawing;

// docs/dashboard.md shows the template's dashboard, drawn from a run of the library. With DIGESTSTORE_UPDATE_DOCS=1 it is drawn anew.
public sealed partial class DashboardPageTests
{
    private const string Picture = "docs/images/dashboard.svg";

    private static readonly CloudFormationTemplate Template = CloudFormationTemplate.LoadWhole();

    // A week ago the table was throttled for a while, three days ago it was down during the first store.
    private static readonly Dictionary<DateOnly, DayOfTrouble> Trouble = new()
    {
        [SimulatedDays.Today.AddDays(-7)] = new DayOfTrouble { First = static request => request is { Operation: "BatchWriteItem", Number: var number } && number % 3 == 0 ? Play.Throttled : Play.Healthy },
        [SimulatedDays.Today.AddDays(-3)] = new DayOfTrouble { First = static request => request.Operation == "BatchWriteItem" ? Play.Broken : Play.Healthy },
    };

    private static readonly Lazy<Task<SimulatedDays>> Days = new(static async () =>
    {
        await using SimulatedDays days = await SimulatedDays.RunAsync(Trouble);
        return days;
    });

    [Fact]
    public async Task The_picture_has_every_widget_and_every_line_of_the_template_and_no_other()
    {
        SimulatedDays days = await Days.Value;
        string drawn = new DashboardPicture(Template, days).Draw();
        if (Environment.GetEnvironmentVariable("DIGESTSTORE_UPDATE_DOCS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(RepositoryFiles.PathOf(Picture))!);
            await File.WriteAllTextAsync(RepositoryFiles.PathOf(Picture), drawn, TestContext.Current.CancellationToken);
        }

        // Times vary with the order in which requests happen to arrive; everything else is the same in every run.
        Assert.True(
            Same(drawn, RepositoryFiles.TextOf(Picture)),
            $"{Picture} is not what the template's dashboard looks like. Run this test with DIGESTSTORE_UPDATE_DOCS=1, look at the picture and commit it.");
        Assert.All(Dashboard.Of(Template).Widgets.Where(static widget => widget.Title.Length > 0), widget => Assert.Contains($">{System.Security.SecurityElement.Escape(widget.Title)}<", drawn, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Today_of_the_picture_is_a_good_day_and_every_number_is_of_the_run()
    {
        SimulatedDays days = await Days.Value;
        var window = Window.Before(SimulatedDays.End, SimulatedDays.Count, TimeSpan.FromDays(1));
        IReadOnlyList<Curve> today = new Chart(Dashboard.Of(Template).Widgets.Single(static widget => widget.View == "singleValue"), days.Metrics, window).Curves();

        double Of(string label) => today.Single(curve => curve.Label == label).Points[SimulatedDays.End - TimeSpan.FromDays(1)];
        LogTable stores = LogQuery.Parse(SavedQuery.AllOf(Template).Single(static query => query.LogicalId == "StoresQuery").Query).Run(days.Logs);
        double Logged(string field) => stores.Rows.Take(2).Sum(row => double.Parse(row[Array.IndexOf(stores.Columns, field)], System.Globalization.CultureInfo.InvariantCulture));

        Assert.Equal((0, 0, 2), (Of("failed"), Of("dead letters"), Of("stores")));
        Assert.Equal((Logged("State.Inserted"), Logged("State.Updated"), Logged("State.Unchanged")), (Of("new"), Of("updated"), Of("unchanged")));
        Assert.Equal((Logged("State.Duplicates"), Logged("State.Rejected")), (Of("duplicates"), Of("rejected")));
        Assert.InRange(Of("new"), 150, 250);
    }

    [Fact]
    public void The_page_shows_the_picture_and_explains_every_widget()
    {
        var page = MarkdownPage.Load("docs/dashboard.md");

        Assert.Contains("](images/dashboard.svg)", page.Text, StringComparison.Ordinal);
        Assert.Equal(
            Dashboard.Of(Template).Widgets.Select(static widget => widget.Title).Where(static title => title.Length > 0).Order(StringComparer.Ordinal),
            page.Rows("## The widgets").Select(static row => row[0]).Order(StringComparer.Ordinal));
    }

    private static bool Same(string one, string other) => Texts(one).SequenceEqual(Texts(other));

    private static IEnumerable<string> Texts(string svg) => Text().Matches(svg).Select(static match => Number().Replace(match.Groups["text"].Value, "0"));

    [GeneratedRegex(">(?<text>[^<>\n]+)</text>", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Text();

    [GeneratedRegex(@"[0-9][0-9.,]*|–", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
