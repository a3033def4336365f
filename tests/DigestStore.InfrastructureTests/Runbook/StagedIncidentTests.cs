using System.Globalization;
using System.Text;
using DigestStore.InfrastructureTests.Drawing;
using DigestStore.InfrastructureTests.Monitoring;
using DigestStore.InfrastructureTests.Running;
using DigestStore.InfrastructureTests.Template;

namespace DigestStore.InfrastructureTests.Runbook;

// What the runbook says that a person sees is what there is to see. With DIGESTSTORE_INCIDENTS=<directory>, all of it is written there: the dashboard, the
// history of the alarms and the results of the saved queries.
public sealed class StagedIncidentTests
{
    private static readonly CloudFormationTemplate Template = CloudFormationTemplate.LoadWhole();

    public static TheoryData<string> Names { get; } = new(StagedIncident.All.Select(static incident => incident.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_alarms_of_an_incident_are_red_and_no_others(string name)
    {
        StagedIncident incident = StagedIncident.All.Single(incident => incident.Name == name);
        await using SimulatedDays days = await SimulatedDays.RunAsync(incident.Trouble);
        await WriteAsync(incident, days);

        IEnumerable<string> red = Alarm.AllOf(Template).Where(alarm => Today(alarm, days).Any(static change => change.State == AlarmState.Alarm)).Select(static alarm => alarm.RunbookAnchor!);

        Assert.Equal(incident.Alarms, red.Except(incident.Maybe).Order(StringComparer.Ordinal));
        AssertCause(name, days);
    }

    // The place where the runbook sends the reader has the cause.
    private static void AssertCause(string name, SimulatedDays days)
    {
        switch (name)
        {
            case "throttled table":
                Assert.All(Run("ProblemsQuery", days).Column("State.Reason"), static reason => Assert.Contains(reason, (string[])["Throttled", "DeadlineExceeded"]));
                // Of the last day's stores, the letters that they wrote.
                LogTable letters = Run("DeadLettersQuery", days);
                Assert.Contains(letters.Column("EventId").Zip(letters.Column("State.Date"), letters.Column("State.DeadLettered")), static row =>
                    row is { First: "400", Second: "2026-11-21" } && int.Parse(row.Third, CultureInfo.InvariantCulture) > 0);
                Assert.Contains("throttled", Run("RetriesQuery", days).Column("State.RetryReasons").First(), StringComparison.Ordinal);
                break;
            case "wrong identity rule":
                int[] duplicates = [.. Run("DaysQuery", days).Column("duplicates").Select(static count => int.Parse(count, CultureInfo.InvariantCulture))];
                Assert.All(duplicates.Take(3), static count => Assert.InRange(count, 100, 1000));
                Assert.All(duplicates.Skip(3), static count => Assert.InRange(count, 0, 20));
                break;
            case "mail server down":
                Assert.Equal(["Failed", "Delivered"], Run("DeliveriesQuery", days).Column("State.Outcome").Take(2));
                break;
            case "email refused for good":
                Assert.Equal(["Abandoned", "Delivered"], Run("DeliveriesQuery", days).Column("State.Outcome").Take(2));
                break;
            default:
                Assert.Equal(["0", "0"], Run("StoresQuery", days).Column("State.Received").Take(2));
                break;
        }
    }

    private static LogTable Run(string logicalId, SimulatedDays days) => LogQuery.Parse(SavedQuery.AllOf(Template).Single(query => query.LogicalId == logicalId).Query).Run(days.Logs);

    private static IReadOnlyList<(DateTimeOffset At, AlarmState State)> Today(Alarm alarm, SimulatedDays days) => AlarmTimeline.Of(alarm, days.Metrics, SimulatedDays.End - TimeSpan.FromDays(1), SimulatedDays.End);

    private static async Task WriteAsync(StagedIncident incident, SimulatedDays days)
    {
        if (Environment.GetEnvironmentVariable("DIGESTSTORE_INCIDENTS") is not { Length: > 0 } directory)
        {
            return;
        }

        string folder = Path.Combine(directory, incident.Name.Replace(' ', '-'));
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "dashboard.svg"), new DashboardPicture(Template, days).Draw());
        StringBuilder text = new StringBuilder().AppendLine(CultureInfo.InvariantCulture, $"# Alarms of {SimulatedDays.Today:yyyy-MM-dd}, UTC\n");
        foreach (Alarm alarm in Alarm.AllOf(Template))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"- {alarm.Name}: {string.Join(", then ", Today(alarm, days).Select(static change => string.Create(CultureInfo.InvariantCulture, $"{change.State} from {change.At:HH:mm}")))}");
        }

        text.AppendLine("\n# Saved queries, over the last 14 days\n");
        foreach (SavedQuery query in SavedQuery.AllOf(Template))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"## {query.Name}\n\n{LogQuery.Parse(query.Query).Run(days.Logs)}\n");
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "alarms-and-queries.md"), text.ToString());
    }
}
