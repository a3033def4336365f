using System.Text.Json.Nodes;
using DigestStore.InfrastructureTests.Template;

namespace DigestStore.InfrastructureTests.Faults;

internal static class AccessFaults
{
    public static IReadOnlyList<PlantedFault> All { get; } =
    [
        new("wildcard action", static template => template.Set("WriterPolicy/Properties/PolicyDocument/Statement/0/Action", "dynamodb:*"),
            "cdk-nag AwsSolutions-IAM5[Action::dynamodb:*]", "cdk-nag NIST.800.53.R5-IAMPolicyNoStatementsWithFullAccess", "guard policies_name_their_actions"),
        new("wildcard in a list of actions", static template => template.Append("WriterPolicy/Properties/PolicyDocument/Statement/0/Action", "dynamodb:Describe*"),
            "cdk-nag AwsSolutions-IAM5[Action::dynamodb:Describe*]", "guard policies_name_their_actions"),
        new("wildcard resource", static template => template.Set("WriterPolicy/Properties/PolicyDocument/Statement/0/Resource", "*"),
            "cdk-nag AwsSolutions-IAM5[Resource::*]", "guard policies_name_their_resources"),
        new("every index of the table", static template => template.Set("ReaderPolicy/Properties/PolicyDocument/Statement/0/Resource", new JsonArray(new JsonObject { ["Fn::Sub"] = "${DigestTable.Arn}/index/*" })),
            "cdk-nag AwsSolutions-IAM5[Resource::<DigestTable.Arn>/index/*]", "guard policies_name_their_resources"),
        new("everything but some actions", static template =>
        {
            template.Remove("ReaderPolicy/Properties/PolicyDocument/Statement/0/Action");
            template.Set("ReaderPolicy/Properties/PolicyDocument/Statement/0/NotAction", "dynamodb:DeleteTable");
        },
            "cdk-nag AwsSolutions-IAM5", "cfn-validate W2512", "guard policies_name_their_actions"),
        new("key used for any table", static template => template.Remove("ReaderPolicy/Properties/PolicyDocument/Statement/2/Condition/StringEquals/kms:EncryptionContext:aws:dynamodb:tableName"),
            "guard callers_use_the_key_for_this_table_only"),
        new("caller uses the key without DynamoDB", static template => template.Remove("WriterPolicy/Properties/PolicyDocument/Statement/1/Condition/StringEquals/kms:ViaService"),
            "guard policies_use_keys_through_services_only"),
        new("caller's policy missing", static template =>
        {
            template.Remove("OperatorPolicy");
            template.Root["Outputs"]!.AsObject().Remove("OperatorPolicyArn");
        },
            "guard policies_are_there"),
        new("trust in everybody", static template => template.Set("BackupRole/Properties/AssumeRolePolicyDocument/Statement/0/Principal", "*"),
            PlantedFault.Admitted, "guard roles_trust_one_service_for_this_account"),
        new("trust in every account", static template => template.Set("BackupRole/Properties/AssumeRolePolicyDocument/Statement/0/Principal", new JsonObject { ["AWS"] = "*" }),
            PlantedFault.Admitted, "guard roles_trust_one_service_for_this_account"),
        new("trust in the service on behalf of any account", static template => template.Remove("BackupRole/Properties/AssumeRolePolicyDocument/Statement/0/Condition"),
            PlantedFault.Admitted, "guard roles_trust_one_service_for_this_account"),
        new("trust in another service", static template => template.Set("BackupRole/Properties/AssumeRolePolicyDocument/Statement/0/Principal/Service", "lambda.amazonaws.com"),
            PlantedFault.Admitted),
        new("inline policy of a role", static template => template.Set("BackupRole/Properties/Policies", JsonNode.Parse(
            """[{ "PolicyName": "extra", "PolicyDocument": { "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "dynamodb:Scan", "Resource": { "Fn::GetAtt": ["DigestTable", "Arn"] } }] } }]""")),
            "cdk-nag NIST.800.53.R5-IAMNoInlinePolicy", "guard roles_have_no_inline_policies"),
        new("a reference to what is not there", static template => template.Set("ReaderPolicy/Properties/PolicyDocument/Statement/0/Resource", new JsonObject { ["Fn::GetAtt"] = new JsonArray("DigestsTable", "Arn") }),
            "cdk-nag unreadable", "cfn-validate F1020", "code references_resolve"),
        new("a variable that is not there", static template => template.Set("OperatorPolicy/Properties/PolicyDocument/Statement/1/Resource", new JsonObject { ["Fn::Sub"] = "${Table.Arn}/index/by-status" }),
            "cdk-nag unreadable", "cfn-validate F1018", "code references_resolve"),
        new("an attribute that a table does not have", static template => template.Set("ReaderPolicy/Properties/PolicyDocument/Statement/0/Resource", new JsonObject { ["Fn::GetAtt"] = new JsonArray("DigestTable", "TableArn") }),
            "cfn-validate E9004", "code references_resolve"),
    ];
}
