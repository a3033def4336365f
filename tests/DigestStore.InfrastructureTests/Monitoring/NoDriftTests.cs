using DigestStore.InfrastructureTests.Running;
using DigestStore.InfrastructureTests.Template;

namespace DigestStore.InfrastructureTests.Monitoring;

// Alarms, dashboard and saved queries against what the code really emits.
public sealed class NoDriftTests(ITestOutputHelper output)
{
    private static readonly CloudFormationTemplate Template = CloudFormationTemplate.LoadWhole();

    [Fact]
    public async Task Alarms_dashboard_and_queries_ask_only_for_what_there_is() =>
        Assert.Empty(MonitoringRules.Problems(Template, await EmittedTelemetry.GetAsync()));

    [Fact]
    public async Task Every_metric_of_the_library_that_is_asked_for_has_a_line_that_proves_it()
    {
        EmittedTelemetry emitted = await EmittedTelemetry.GetAsync();
        IEnumerable<MetricIdentity> asked = Alarm.AllOf(Template).SelectMany(static alarm => alarm.Queries).Concat(Dashboard.Of(Template).Widgets.SelectMany(static widget => widget.Queries))
            .Select(static query => query.Metric).OfType<MetricIdentity>().Where(static metric => !metric.IsAws).Distinct();
        foreach (MetricIdentity metric in asked.OrderBy(static metric => metric.ToString(), StringComparer.Ordinal))
        {
            string? line = emitted.Metrics.SampleOf(metric);
            Assert.True(line is not null, $"The code emits no {metric}.");
            output.WriteLine($"{metric}\n    {line}");
        }
    }

    [Fact]
    public void Everything_in_the_catalogue_is_looked_at_or_has_a_reason() => Assert.Empty(Coverage.Problems(Template, MarkdownPage.Load(Coverage.Catalogue)));

    public static TheoryData<string, string, string> Growth { get; } = new()
    {
        { "| `digeststore.store.duration` |", "| `digeststore.delivery.mails` | counter | `{mail}` | `table` | Mails. |", "digeststore.delivery.mails" },
        { "| `digeststore.store.items` | counter | `{item}` | `outcome`, `table` |", "| `digeststore.store.items` | counter | `{item}` | `feed`, `outcome`, `table` | Items. |", "digeststore.store.items feed" },
        { "| `skipped` | the store is switched off |", "| `postponed` | later |", "digeststore.store.items outcome postponed" },
        { "| `disabled` | the store is switched off |", "| `repaired` | later |", "digeststore.store.duration status repaired" },
        { "| `UpdateItem` | updates the header", "| `TransactWriteItems` | a delivery |", "digeststore.requests operation TransactWriteItems" },
        { "| `delete` | operation:", "| `history` | operation: `HistoryAsync` |", "digeststore.read.duration operation history" },
        { "| `find_all` | operation:", "| `history` | operation: `HistoryAsync` |", "digeststore.read.duration operation history" },
        { "| `already_delivered` |", "| `postponed` | later |", "digeststore.delivery.attempts outcome postponed" },
        { "| 601 | `DeliveryIncomplete`", "| 605 | `DeliveryBroke` | Error | It broke. |", "event 605" },
        { "| `author` | items with an author |", "| `language` | with a language |", "digeststore.quality.fields field language" },
        { "| `lost` | the sink failed", "| `dropped` | thrown away |", "digeststore.dead_letters outcome dropped" },
        { "| 110 | `StoreBroke`", "| 111 | `DeliveryBroke` | Error | It broke. |", "event 111" },
        { "| 400 | `StoreAudited`", "| 405 | `RepairAudited` | repairs |", "event 405" },
    };

    [Theory]
    [MemberData(nameof(Growth))]
    public void What_is_added_to_the_catalogue_and_looked_at_by_nothing_is_found(string before, string row, string found)
    {
        string text = MarkdownPage.Load(Coverage.Catalogue).Text;
        int place = text.IndexOf(before, StringComparison.Ordinal);
        Assert.True(place >= 0, $"{Coverage.Catalogue} has no row '{before}'.");

        Assert.Contains(found, Coverage.Problems(Template, new MarkdownPage(Coverage.Catalogue, text.Insert(place, row + "\n"))));
    }

    [Fact]
    public void The_alarms_count_every_outcome_and_every_operation()
    {
        var catalogue = MarkdownPage.Load(Coverage.Catalogue);
        IEnumerable<string> Values(string heading) => catalogue.Rows(heading).Select(static row => row[0]);

        // A duplicate and a rejected item are nothing to store, and a skipped one is kept back on purpose.
        Assert.Equal(Values("### outcome of `digeststore.store.items`").Except(["duplicate", "rejected", "skipped"]).Order(StringComparer.Ordinal), Tags("ItemFailuresAlarm", "outcome"));

        // Any operation can be turned away; only a batch can be turned away in part.
        Assert.Equal(
            Values("### operation of requests, retries, batches and capacity")
                .SelectMany(static operation => operation.StartsWith("Batch", StringComparison.Ordinal) ? (string[])["throttled", "partial", "unprocessed"] : ["throttled"], static (operation, status) => $"{operation} {status}")
                .Order(StringComparer.Ordinal),
            Alarm.Of(Template, "ThrottledRequestsAlarm").Queries.Select(static query => query.Metric).OfType<MetricIdentity>().Select(static metric => $"{Value(metric, "operation")} {Value(metric, "status")}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_metric_in_an_alarm_is_used_by_it() => Assert.All(Alarm.AllOf(Template), static alarm => Assert.All(
        alarm.Queries.Where(static query => !query.IsShown),
        query => Assert.Contains(query.Id, alarm.Queries.Where(static other => other.Expression is not null).SelectMany(static other => ExpressionParser.Parse(other.Expression!).Names))));

    private static string Value(MetricIdentity metric, string tag) => metric.Pairs.Single(pair => pair.Name == tag).Value;

    private static IEnumerable<string> Tags(string alarm, string tag) => Alarm.Of(Template, alarm).Queries
        .SelectMany(static query => query.Metric?.Pairs ?? []).Where(pair => pair.Name == tag).Select(static pair => pair.Value).Distinct().Order(StringComparer.Ordinal);
}
