using System.Text.Json.Nodes;
using DigestStore.InfrastructureTests.Monitoring;
using DigestStore.InfrastructureTests.Running;
using DigestStore.InfrastructureTests.Template;

namespace DigestStore.InfrastructureTests;

// Faults that no linter sees, planted one by one.
public sealed class MonitoringRulesTests
{
    private static readonly CloudFormationTemplate Template = CloudFormationTemplate.Load();

    public static TheoryData<string, string> Faults { get; } = new([.. Planted.Select(static fault => (fault.Key, fault.Value.Found))]);

    private static Dictionary<string, (Action<CloudFormationTemplate> Plant, string Found)> Planted => new(StringComparer.Ordinal)
    {
        ["an unknown id in an alarm's metric math"] = (Text("ItemFailuresAlarm", "100 * failed", "100 * failures"), "ItemFailuresAlarm: 'failures' in"),
        ["a function that does not exist"] = (Text("ItemFailuresAlarm", "IF(", "IFF("), "ItemFailuresAlarm: the tests do not know the function 'IFF'"),
        ["an expression that is none"] = (Text("ItemFailuresAlarm", "100 * failed /", "100 * failed / /"), "ItemFailuresAlarm: Expected a value instead of '/'"),
        ["an id that is there twice"] = (Text("ItemFailuresAlarm", "\"Id\":\"updated\"", "\"Id\":\"inserted\""), "ItemFailuresAlarm: the id 'inserted' is there 2 times"),
        ["an id that begins with a capital"] = (Text("NothingStoredAlarm", "\"Id\":\"stored\"", "\"Id\":\"Stored\""), "NothingStoredAlarm: the id 'Stored' must begin with a lower-case letter"),
        ["two results of an alarm"] = (Text("NothingStoredAlarm", "\"Id\":\"inserted\",\"ReturnData\":false", "\"Id\":\"inserted\",\"ReturnData\":true"), "NothingStoredAlarm: exactly one entry"),
        ["a misspelt metric in an alarm"] = (Text("StoreLatencyP99Alarm", "digeststore.store.duration", "digeststore.store.durations"), "StoreLatencyP99Alarm: the code emits no DigestStore digeststore.store.durations"),
        ["a misspelt dimension value"] = (Text("DeadLettersLostAlarm", "\"lost\"", "\"loss\""), "DeadLettersLostAlarm: the code emits no DigestStore digeststore.dead_letters {outcome=loss"),
        ["a dimension that is missing"] = (static template => ((JsonArray)template.Properties("DeadLettersLostAlarm")["Dimensions"]!).RemoveAt(1), "DeadLettersLostAlarm: the code emits no DigestStore digeststore.dead_letters {outcome=lost}"),
        ["another namespace"] = (Text("StoreLatencyP99Alarm", "\"DigestStore\"", "\"Digests\""), "StoreLatencyP99Alarm: the code emits no Digests"),
        ["a misspelt metric of AWS"] = (Text("DynamoDbQueryLatencyP99Alarm", "SuccessfulRequestLatency", "SuccessfulRequestsLatency"), "DynamoDbQueryLatencyP99Alarm: AWS/DynamoDB SuccessfulRequestsLatency"),
        ["an alarm without action"] = (static template => template.Properties("ThrottledRequestsAlarm").Remove("AlarmActions"), "ThrottledRequestsAlarm: it tells no topic"),
        ["an alarm with an empty list of actions"] = (static template => template.Properties("ThrottledRequestsAlarm")["AlarmActions"] = new JsonArray(), "ThrottledRequestsAlarm: it tells no topic"),
        ["an alarm that tells another topic"] = (static template => template.Properties("ThrottledRequestsAlarm")["AlarmActions"] = new JsonArray("arn:aws:sns:eu-central-1:123456789012:elsewhere"), "ThrottledRequestsAlarm: it tells no topic"),
        ["an alarm that does not tell when it is over"] = (static template => template.Properties("ThrottledRequestsAlarm").Remove("OKActions"), "ThrottledRequestsAlarm: it tells no topic"),
        ["an alarm without a word on missing data"] = (static template => template.Properties("NothingStoredAlarm").Remove("TreatMissingData"), "NothingStoredAlarm: it does not say how missing data is treated"),
        ["an alarm without a link to the runbook"] = (static template => template.Properties("NothingStoredAlarm")["AlarmDescription"] = "Nothing was stored.", "NothingStoredAlarm: its description does not end with"),
        ["a dashboard that is no JSON"] = (Text("Dashboard", "\\u0022widgets\\u0022: [", "\\u0022widgets\\u0022: [,"), "Dashboard: it cannot be read"),
        ["a misspelt metric on the dashboard"] = (Text("Dashboard", "digeststore.quality.fields", "digeststore.quality.field"), "Dashboard: widget 'Items that have a field, %': the code emits no"),
        ["an unknown id on the dashboard"] = (Text("Dashboard", "100 * n_author", "100 * n_authors"), "Dashboard: widget 'Items that have a field, %': 'n_authors' in"),
        ["a search that finds nothing"] = (Text("Dashboard", "{DigestStore,reason,table}", "{DigestStore,cause,table}"), "Dashboard: widget 'Quality defects a day, by reason': the code emits nothing"),
        ["an alarm that is not on the dashboard"] = (Text("Dashboard", "\\u0022${NothingStoredAlarm.Arn}\\u0022, ", ""), "Dashboard: widget 'Alarms': it lacks the alarm"),
        ["widgets that overlap"] = (Text("Dashboard", "\\u0022x\\u0022: 9, \\u0022y\\u0022: 0", "\\u0022x\\u0022: 8, \\u0022y\\u0022: 0"), "Dashboard: widget 'Alarms': it overlaps"),
        ["a widget beyond the grid"] = (Text("Dashboard", "\\u0022width\\u0022: 15", "\\u0022width\\u0022: 16"), "Dashboard: widget 'Alarms': it is not within the 24 columns"),
        ["a misspelt field in a saved query"] = (Text("RetriesQuery", "State.RetryReasons", "State.RetryReason"), "RetriesQuery: none of its events writes the field 'State.RetryReason'"),
        ["a field of another event"] = (Text("FailedReadsQuery", "State.Remedy", "State.Letters"), "FailedReadsQuery: none of its events writes the field 'State.Letters'"),
        ["a misspelt field on the dashboard"] = (Text("Dashboard", "State.Quality", "State.Qualities"), "Dashboard: widget 'Stores': none of its events writes the field 'State.Qualities'"),
        ["a command that Logs Insights does not have"] = (Text("RetriesQuery", "| sort", "| order"), "RetriesQuery: The tests do not know the command 'order'"),
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_planted_fault_is_found(string fault, string found)
    {
        IReadOnlyList<string> problems = MonitoringRules.Problems(Template.With(Planted[fault].Plant), await EmittedTelemetry.GetAsync());

        Assert.Contains(problems, problem => problem.StartsWith(found, StringComparison.Ordinal));
    }

    // The text of a resource's properties with one part of it replaced.
    private static Action<CloudFormationTemplate> Text(string logicalId, string part, string instead) => template =>
    {
        string before = template.Properties(logicalId).ToJsonString();
        string after = before.Replace(part, instead, StringComparison.Ordinal);
        Assert.True(before != after, $"The properties of {logicalId} do not have: {part}");
        template.Resource(logicalId)["Properties"] = JsonNode.Parse(after);
    };
}
