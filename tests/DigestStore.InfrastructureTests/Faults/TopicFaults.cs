using System.Text.Json.Nodes;
using DigestStore.InfrastructureTests.Template;

namespace DigestStore.InfrastructureTests.Faults;

internal static class TopicFaults
{
    public static IReadOnlyList<PlantedFault> All { get; } =
    [
        new("topic in plain text", static template => template.Remove("AlarmTopic/Properties/KmsMasterKeyId"),
            "cdk-nag NIST.800.53.R5-SNSEncryptedKMS", "guard topic_is_encrypted"),
        new("topic open to all", static template => template.Set("AlarmTopicPolicy/Properties/PolicyDocument/Statement/0/Principal", "*"),
            PlantedFault.Admitted, "guard topic_is_published_to_by_alarms_only"),
        new("topic open to every account", static template => template.Set("AlarmTopicPolicy/Properties/PolicyDocument/Statement/0/Principal", new JsonObject { ["AWS"] = "*" }),
            PlantedFault.Admitted, "guard topic_is_published_to_by_alarms_only"),
        new("topic open to another service", static template => template.Set("AlarmTopicPolicy/Properties/PolicyDocument/Statement/0/Principal/Service", "events.amazonaws.com"),
            PlantedFault.Admitted, "guard topic_is_published_to_by_alarms_only"),
        new("topic open to alarms of any account", static template => template.Remove("AlarmTopicPolicy/Properties/PolicyDocument/Statement/0/Condition/StringEquals"),
            PlantedFault.Admitted, "guard topic_is_published_to_by_alarms_only"),
        new("topic without a policy", static template => template.Remove("AlarmTopicPolicy"),
            "guard topic_is_published_to_by_alarms_only"),
        new("topic reachable without TLS", static template => template.Remove("AlarmTopicPolicy/Properties/PolicyDocument/Statement/1"),
            PlantedFault.Admitted, "guard topic_needs_tls"),
        new("topic that refuses TLS", static template => template.Set("AlarmTopicPolicy/Properties/PolicyDocument/Statement/1/Condition/Bool/aws:SecureTransport", true),
            PlantedFault.Admitted, "guard topic_needs_tls"),
        new("topic open to every alarm", static template => template.Set("AlarmTopicPolicy/Properties/PolicyDocument/Statement/0/Condition/ArnLike/aws:SourceArn", "*"),
            PlantedFault.Admitted),
        new("topic open to alarms of another account", static template => template.Set("AlarmTopicPolicy/Properties/PolicyDocument/Statement/0/Condition/StringEquals/aws:SourceAccount", "210987654321"),
            PlantedFault.Admitted),
    ];
}
