using System.Text.RegularExpressions;
using DigestStore.InfrastructureTests.Template;
using DigestStore.TestSupport;

namespace DigestStore.InfrastructureTests.Monitoring;

// Alarms, saved queries and the runbook name each other.
public sealed partial class MonitoringLinkTests
{
    private static readonly CloudFormationTemplate Template = CloudFormationTemplate.LoadWhole();
    private static readonly MarkdownPage Runbook = MarkdownPage.Load("docs/runbook.md");

    private static string Table => (string)Template.Parameters["TableName"]!["Default"]!;

    private static IEnumerable<string> AlarmAnchors => Runbook.Headings(3).Select(MarkdownPage.Anchor);

    [Fact]
    public void Every_alarm_is_named_as_its_chapter_of_the_runbook_and_links_to_it() => Assert.All(Alarm.AllOf(Template), static alarm =>
    {
        Assert.Equal($"{Table}-{alarm.RunbookAnchor}", alarm.Name);
        Assert.Contains(alarm.RunbookAnchor, AlarmAnchors);
    });

    [Fact]
    public void Every_chapter_about_an_alarm_is_about_one_of_the_template() => Assert.Equal(
        Alarm.AllOf(Template).Select(static alarm => alarm.RunbookAnchor).Order(StringComparer.Ordinal), AlarmAnchors.Order(StringComparer.Ordinal));

    [Fact]
    public void Without_an_hour_of_delivery_no_alarm_asks_whether_there_was_one()
    {
        var usual = CloudFormationTemplate.Load();
        string[] alarms = [.. Alarm.AllOf(usual).Select(static alarm => alarm.LogicalId)];

        Assert.Equal(["NotDeliveredAlarm"], Alarm.AllOf(Template).Select(static alarm => alarm.LogicalId).Except(alarms));
        Assert.Equal(alarms.Length, Dashboard.Of(usual).Widgets.Single(static widget => widget.Type == "alarm").AlarmArns.Length);
    }

    [Fact]
    public void Alarms_and_queries_name_each_other()
    {
        IReadOnlyList<SavedQuery> queries = SavedQuery.AllOf(Template);
        IEnumerable<string> fromAlarms = Alarm.AllOf(Template).Select(static alarm => $"{alarm.QueryName} {alarm.RunbookAnchor}");
        IEnumerable<string> fromQueries =
            from query in queries
            from heading in query.Headings
            where query.Query.StartsWith("# Alarms:", StringComparison.Ordinal)
            select $"{query.Name} {heading}";

        Assert.Equal(fromAlarms.Order(StringComparer.Ordinal), fromQueries.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_query_is_named_in_each_chapter_that_it_is_for() => Assert.All(SavedQuery.AllOf(Template), static query =>
    {
        Assert.NotEmpty(query.Headings);
        Assert.All(query.Headings, heading =>
        {
            string marks = query.Query.StartsWith("# Alarms:", StringComparison.Ordinal) ? "###" : "##";
            string title = Runbook.Headings(marks.Length).Single(title => MarkdownPage.Anchor(title) == heading);
            Assert.Contains($"`{query.Name}`", string.Join('\n', Runbook.Chapter($"{marks} {title}")), StringComparison.Ordinal);
        });
    });

    [Fact]
    public void What_missing_data_means_is_explained_beside_every_alarm()
    {
        string[] lines = RepositoryFiles.TextOf(CloudFormationTemplate.Path).Split('\n');
        int[] places = [.. Enumerable.Range(0, lines.Length).Where(place => MissingData().IsMatch(lines[place]))];

        Assert.Equal(Alarm.AllOf(Template).Count, places.Length);
        Assert.All(places, place => Assert.StartsWith("#", lines[place - 1].Trim(), StringComparison.Ordinal));
    }

    [Fact]
    public void Log_widgets_ask_what_saved_queries_ask() => Assert.All(
        Dashboard.Of(Template).Widgets.Where(static widget => widget.Type == "log"),
        static widget => Assert.Contains(LogQuery.Parse(widget.Query).Commands, SavedQuery.AllOf(Template).Select(static query => LogQuery.Parse(query.Query).Commands)));

    [GeneratedRegex("^ +TreatMissingData:", RegexOptions.CultureInvariant)]
    private static partial Regex MissingData();
}
