using System.Text.Json.Nodes;
using DigestStore.InfrastructureTests.Monitoring;
using DigestStore.InfrastructureTests.Template;

namespace DigestStore.InfrastructureTests.Faults;

internal static class MonitoringFaults
{
    public static IReadOnlyList<PlantedFault> All { get; } =
    [
        new("an unknown id in an alarm's metric math", Text("ItemFailuresAlarm", "100 * failed", "100 * failures"),
            Code(MonitoringRules.Calculated)),
        new("a function that does not exist", Text("ItemFailuresAlarm", "IF(", "IFF("),
            Code(MonitoringRules.Calculated)),
        new("an expression that is none", Text("ItemFailuresAlarm", "100 * failed /", "100 * failed / /"),
            Code(MonitoringRules.Calculated)),
        new("an id that is there twice", Text("ItemFailuresAlarm", "\"Id\":\"updated\"", "\"Id\":\"inserted\""),
            Code(MonitoringRules.Calculated)),
        new("an id that begins with a capital", Text("NothingStoredAlarm", "\"Id\":\"stored\"", "\"Id\":\"Stored\""),
            "cfn-validate F3031", Code(MonitoringRules.Calculated)),
        new("two results of an alarm", Text("NothingStoredAlarm", "\"Id\":\"inserted\",\"ReturnData\":false", "\"Id\":\"inserted\",\"ReturnData\":true"),
            Code(MonitoringRules.Complete)),
        new("a misspelt metric in an alarm", Text("StoreLatencyP99Alarm", "digeststore.store.duration", "digeststore.store.durations"),
            Code(MonitoringRules.Emitted)),
        new("a misspelt dimension value", Text("DeadLettersLostAlarm", "\"lost\"", "\"loss\""),
            Code(MonitoringRules.Emitted)),
        new("a dimension that is missing", static template => ((JsonArray)template.Properties("DeadLettersLostAlarm")["Dimensions"]!).RemoveAt(1),
            Code(MonitoringRules.Emitted)),
        new("another namespace", Text("StoreLatencyP99Alarm", "\"DigestStore\"", "\"Digests\""),
            Code(MonitoringRules.Emitted)),
        new("a misspelt metric of AWS", Text("DynamoDbQueryLatencyP99Alarm", "SuccessfulRequestLatency", "SuccessfulRequestsLatency"),
            Code(MonitoringRules.Emitted)),
        new("an alarm without action", static template => template.Properties("ThrottledRequestsAlarm").Remove("AlarmActions"),
            Code(MonitoringRules.Complete), "guard alarms_tell_somebody"),
        new("an alarm with an empty list of actions", static template => template.Properties("ThrottledRequestsAlarm")["AlarmActions"] = new JsonArray(),
            Code(MonitoringRules.Complete), "guard alarms_tell_somebody"),
        new("an alarm that tells another topic", static template => template.Properties("ThrottledRequestsAlarm")["AlarmActions"] = new JsonArray("arn:aws:sns:eu-central-1:123456789012:elsewhere"),
            Code(MonitoringRules.Complete)),
        new("an alarm that does not tell when it is over", static template => template.Properties("ThrottledRequestsAlarm").Remove("OKActions"),
            Code(MonitoringRules.Complete)),
        new("an alarm without a word on missing data", static template => template.Properties("NothingStoredAlarm").Remove("TreatMissingData"),
            Code(MonitoringRules.Complete), "guard alarms_say_what_missing_data_means"),
        new("an alarm without a link to the runbook", static template => template.Properties("NothingStoredAlarm")["AlarmDescription"] = "Nothing was stored.",
            Code(MonitoringRules.Complete)),
        new("a dashboard that is no JSON", Text("Dashboard", "\\u0022widgets\\u0022: [", "\\u0022widgets\\u0022: [,"),
            Code(MonitoringRules.Drawn)),
        new("a misspelt metric on the dashboard", Text("Dashboard", "digeststore.quality.fields", "digeststore.quality.field"),
            Code(MonitoringRules.Emitted)),
        new("an unknown id on the dashboard", Text("Dashboard", "100 * n_author", "100 * n_authors"),
            Code(MonitoringRules.Calculated)),
        new("a search that finds nothing", Text("Dashboard", "{DigestStore,reason,table}", "{DigestStore,cause,table}"),
            Code(MonitoringRules.Emitted)),
        new("an alarm that is not on the dashboard", Text("Dashboard", "\\u0022${NothingStoredAlarm.Arn}\\u0022, ", ""),
            Code(MonitoringRules.Drawn)),
        new("an alarm on request that is not on the dashboard", Text("Dashboard", "${NotDelivered}\\u0022", "\\u0022"),
            "cfn-validate W1019", Code(MonitoringRules.Drawn)),
        new("a misspelt outcome in an alarm on request", Text("NotDeliveredAlarm", "delivered_unrecorded", "sent_unrecorded"),
            Code(MonitoringRules.Emitted)),
        new("widgets that overlap", Text("Dashboard", "\\u0022x\\u0022: 9, \\u0022y\\u0022: 0", "\\u0022x\\u0022: 8, \\u0022y\\u0022: 0"),
            Code(MonitoringRules.Drawn)),
        new("a widget beyond the grid", Text("Dashboard", "\\u0022width\\u0022: 15", "\\u0022width\\u0022: 16"),
            Code(MonitoringRules.Drawn)),
        new("a misspelt field in a saved query", Text("RetriesQuery", "State.RetryReasons", "State.RetryReason"),
            Code(MonitoringRules.Written)),
        new("a field of another event", Text("FailedReadsQuery", "State.Remedy", "State.Letters"),
            Code(MonitoringRules.Written)),
        new("a misspelt field on the dashboard", Text("Dashboard", "State.Quality", "State.Qualities"),
            Code(MonitoringRules.Written)),
        new("a command that Logs Insights does not have", Text("RetriesQuery", "| sort", "| order"),
            Code(MonitoringRules.Written)),
    ];

    private static string Code(string check) => $"code {check}";

    // The text of a resource's properties with one part of it replaced.
    private static Action<CloudFormationTemplate> Text(string logicalId, string part, string instead) => template =>
    {
        string before = template.Properties(logicalId).ToJsonString();
        string after = before.Replace(part, instead, StringComparison.Ordinal);
        template.Resource(logicalId)["Properties"] = before != after ? JsonNode.Parse(after) : throw new KeyNotFoundException($"The properties of {logicalId} do not have: {part}");
    };
}
