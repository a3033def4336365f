using System.Globalization;

namespace RestoreDrill;

/// <summary>What brings back in AWS the settings that DynamoDB Local does not have; docs/restore.md explains each.</summary>
internal static class AwsCommands
{
    public static IReadOnlyList<string> For(string table, TemplateSettings settings) =>
    [
        string.Create(CultureInfo.InvariantCulture, $"aws dynamodb update-continuous-backups --table-name {table} --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true,RecoveryPeriodInDays={settings.RecoveryDays}"),
        $"aws dynamodb tag-resource --resource-arn \"$(aws dynamodb describe-table --table-name {table} --query Table.TableArn --output text)\" --tags {string.Join(' ', settings.Tags.Select(static tag => $"Key={tag.Key},Value={tag.Value}"))}",
        // CloudFormation imports by a literal name only, and takes templates of more than 51,200 bytes from a bucket only.
        $"sed 's/^      TableName: !Ref TableName$/      TableName: {table}/' infrastructure/digest-store.yaml > {table}.yaml",
        $"aws s3 cp {table}.yaml s3://BUCKET/{table}.yaml",
        $"aws cloudformation create-change-set --stack-name {table} --change-set-name restore --change-set-type CREATE --import-existing-resources --template-url https://BUCKET.s3.REGION.amazonaws.com/{table}.yaml --parameters ParameterKey=TableName,ParameterValue={table} --capabilities CAPABILITY_IAM",
        $"aws cloudformation wait change-set-create-complete --stack-name {table} --change-set-name restore",
        $"aws cloudformation execute-change-set --stack-name {table} --change-set-name restore",
        $"aws cloudformation wait stack-create-complete --stack-name {table}",
        $"aws cloudformation deploy --stack-name {table} --template-file infrastructure/digest-store.yaml --s3-bucket BUCKET --capabilities CAPABILITY_IAM --no-fail-on-empty-changeset",
        $"aws dynamodb update-table --table-name {table} --sse-specification Enabled=true,SSEType=KMS,KMSMasterKeyId=\"{Output(table, "TableKeyArn")}\"",
        $"aws iam attach-role-policy --role-name YOUR_APPLICATIONS_ROLE --policy-arn \"{Output(table, "WriterPolicyArn")}\"",
    ];

    private static string Output(string stack, string name) =>
        $"$(aws cloudformation describe-stacks --stack-name {stack} --query \"Stacks[0].Outputs[?OutputKey=='{name}'].OutputValue\" --output text)";
}
