using System.Text.Json.Nodes;
using DigestStore.InfrastructureTests.Monitoring;
using DigestStore.InfrastructureTests.Running;
using DigestStore.InfrastructureTests.Template;

namespace DigestStore.InfrastructureTests.Linters;

/// <summary>What no linter sees: names that must agree between resources.</summary>
internal static class CodeChecks
{
    private static readonly (string Name, Func<CloudFormationTemplate, IEnumerable<(string Resource, string Message)>> Find)[] All =
    [
        ("keys_are_administered_by_this_account", KeyPrincipals),
        ("the_key_admits_the_log_groups", LogGroups),
        ("the_trail_has_the_name_that_bucket_and_key_admit", TrailName),
        ("the_trail_records_the_table_and_its_stream", Recorded),
        ("alarms_have_the_names_that_topic_and_key_admit", AlarmNames),
        ("topic_bucket_and_role_admit_what_they_are_for_and_nothing_else", ResourcePolicies.Problems),
    ];

    public static IEnumerable<Finding> Run(CloudFormationTemplate template, EmittedTelemetry emitted)
    {
        template = template.Whole();
        try
        {
            template.Resolve(template.Root["Outputs"]);
            template.Resolve(template.Resources);
        }
        catch (Exception exception) when (exception is KeyNotFoundException or NotSupportedException)
        {
            // Names cannot be compared when they cannot be told.
            return [new Finding("code references_resolve", string.Empty, exception.Message)];
        }

        IEnumerable<(string Check, string Resource, string Message)> names =
            from check in All
            from found in check.Find(template)
            select (check.Name, found.Resource, found.Message);
        return names.Concat(MonitoringRules.Problems(template, emitted)).Select(static found => new Finding($"code {found.Check}", found.Resource, found.Message));
    }

    private static IEnumerable<(string Resource, string Message)> KeyPrincipals(CloudFormationTemplate template) =>
        from key in template.OfType("AWS::KMS::Key")
        from statement in Statements(template, key.Value["Properties"]?["KeyPolicy"])
        where statement["Principal"] is JsonObject
        from principal in Texts(statement["Principal"]!["AWS"])
        where principal != $"arn:aws:iam::{Resolution.Account}:root"
        select (key.Key, $"'{principal}' is not this account.");

    private static IEnumerable<(string Resource, string Message)> LogGroups(CloudFormationTemplate template)
    {
        string[] admitted = [.. Conditions(template, "kms:EncryptionContext:aws:logs:arn")];
        return from logGroup in template.OfType("AWS::Logs::LogGroup")
               let arn = $"arn:aws:logs:{Resolution.Region}:{Resolution.Account}:log-group:{template.Resolve(logGroup.Value["Properties"]!["LogGroupName"])}"
               where !admitted.Contains(arn)
               select (logGroup.Key, $"No key admits '{arn}', so the log group cannot be created.");
    }

    private static IEnumerable<(string Resource, string Message)> TrailName(CloudFormationTemplate template)
    {
        string[] admitted = [.. Conditions(template, "aws:SourceArn").Where(static arn => arn.Contains(":cloudtrail:", StringComparison.Ordinal))];
        return from trail in template.OfType("AWS::CloudTrail::Trail")
               let arn = $"arn:aws:cloudtrail:{Resolution.Region}:{Resolution.Account}:trail/{template.Resolve(trail.Value["Properties"]!["TrailName"])}"
               from other in admitted
               where other != arn
               select (trail.Key, $"'{other}' is admitted, and the trail is '{arn}'.");
    }

    private static IEnumerable<(string Resource, string Message)> Recorded(CloudFormationTemplate template)
    {
        string Arn(string attribute) => (string)template.Resolve(new JsonObject { ["Fn::GetAtt"] = new JsonArray("DigestTable", attribute) })!;
        string[] wanted = [$"AWS::DynamoDB::Table {Arn("Arn")}", $"AWS::DynamoDB::Stream {Arn("StreamArn")}"];
        return from trail in template.OfType("AWS::CloudTrail::Trail")
               let selectors = template.Resolve(trail.Value["Properties"]!["AdvancedEventSelectors"]) as JsonArray ?? []
               let recorded = (from selector in selectors from type in Selected(selector!, "resources.type") from arn in Selected(selector!, "resources.ARN") select $"{type} {arn}").ToArray()
               from message in wanted.Except(recorded).Select(static what => $"It does not record {what}.").Concat(recorded.Except(wanted).Select(static what => $"It records {what}."))
               select (trail.Key, message);
    }

    private static IEnumerable<string> Selected(JsonNode selector, string field) =>
        selector["FieldSelectors"]!.AsArray().Where(one => (string?)one!["Field"] == field).SelectMany(static one => Texts(one!["Equals"]));

    private static IEnumerable<(string Resource, string Message)> AlarmNames(CloudFormationTemplate template)
    {
        string[] admitted = [.. Conditions(template, "aws:SourceArn").Where(static arn => arn.Contains(":cloudwatch:", StringComparison.Ordinal))];
        return from alarm in template.OfType("AWS::CloudWatch::Alarm").Concat(template.OfType("AWS::CloudWatch::CompositeAlarm"))
               let arn = $"arn:aws:cloudwatch:{Resolution.Region}:{Resolution.Account}:alarm:{template.Resolve(alarm.Value["Properties"]?["AlarmName"])}"
               where admitted.Any(pattern => !pattern.EndsWith('*') || !arn.StartsWith(pattern[..^1], StringComparison.Ordinal))
               select (alarm.Key, $"'{arn}' is not admitted by the topic or its key, so nobody would hear of it.");
    }

    // The values of one condition key in the policies of keys, topics and buckets.
    private static IEnumerable<string> Conditions(CloudFormationTemplate template, string key) =>
        from resource in template.Resources
        from document in (JsonNode?[])[resource.Value!["Properties"]?["KeyPolicy"], resource.Value["Properties"]?["PolicyDocument"]]
        from statement in Statements(template, document)
        from comparison in statement["Condition"]?.AsObject() ?? []
        from value in Texts(comparison.Value![key])
        select value;

    private static IEnumerable<JsonNode> Statements(CloudFormationTemplate template, JsonNode? document) =>
        template.Resolve(document?["Statement"]) is JsonArray statements ? statements.Select(static statement => statement!) : [];

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        null => [],
        JsonArray several => several.Select(static text => (string)text!),
        _ => [(string)node!],
    };
}
