using System.Text.Json.Nodes;
using DigestStore.InfrastructureTests.Template;

namespace DigestStore.InfrastructureTests.Faults;

internal static class KeyFaults
{
    public static IReadOnlyList<PlantedFault> All { get; } =
    [
        new("no key rotation", static template => template.Set("TableKey/Properties/EnableKeyRotation", false),
            "cdk-nag AwsSolutions-KMS5", "cdk-nag NIST.800.53.R5-KMSBackingKeyRotationEnabled", "guard keys_rotate"),
        new("key deleted with the stack", static template => template.Set("TableKey/DeletionPolicy", "Delete"),
            "guard keys_are_retained"),
        new("key policy open to everybody", static template => template.Set("TableKey/Properties/KeyPolicy/Statement/1/Principal", "*"),
            "guard keys_name_who_may_use_them"),
        new("key policy open to every account", static template => template.Set("TableKey/Properties/KeyPolicy/Statement/1/Principal/AWS", "*"),
            "code keys_are_administered_by_this_account", "guard keys_name_who_may_use_them"),
        new("key policy open to every account, in a list", static template => template.Set("TableKey/Properties/KeyPolicy/Statement/1/Principal/AWS", new JsonArray("*")),
            "code keys_are_administered_by_this_account", "guard keys_name_who_may_use_them"),
        new("key policy open to another account", static template => template.Set("TableKey/Properties/KeyPolicy/Statement/1/Principal/AWS", "arn:aws:iam::210987654321:root"),
            "code keys_are_administered_by_this_account"),
        new("every action in a key policy", static template => template.Set("TableKey/Properties/KeyPolicy/Statement/0/Action", "kms:*"),
            "guard keys_name_what_may_be_done_with_them"),
        new("key used without a service between", static template => template.Remove("TableKey/Properties/KeyPolicy/Statement/1/Condition/StringEquals/kms:ViaService"),
            "guard keys_are_used_through_services_only"),
        new("alarms of any account use the key", static template => template.Remove("OperationsKey/Properties/KeyPolicy/Statement/1/Condition"),
            "guard keys_are_used_through_services_only"),
    ];
}
