using Amazon.DynamoDBv2;

namespace DigestStore.Doctor.Checks;

internal static class Encryption
{
    public static Verdict Judge(TableFacts facts) => facts.OfTable(table =>
    {
        string remedy = AwsCommand.For(facts.Options, "update-table", "--sse-specification Enabled=true,SSEType=KMS,KMSMasterKeyId=YOUR_KEY_ARN");
        return table.SSEDescription switch
        {
            { InaccessibleEncryptionDateTime: not null } lost => Verdict.Problem(
                $"DynamoDB cannot use the key {lost.KMSMasterKeyArn} any more, and archives the table a week after it noticed.",
                $"Enable the key, cancel its deletion, or allow its use again: {AwsCommand.DescribeKey(facts.Options, lost.KMSMasterKeyArn ?? "")}"),
            { KMSMasterKeyArn: { Length: > 0 } key } sse when sse.Status == SSEStatus.ENABLED => Verdict.Ok(
                $"Encrypted with a KMS key. Whether it is yours (CUSTOMER) or AWS's (AWS), this prints: {AwsCommand.DescribeKey(facts.Options, key)} --query KeyMetadata.KeyManager"),
            { } sse when sse.Status == SSEStatus.ENABLING || sse.Status == SSEStatus.UPDATING => Verdict.Warning(
                $"The encryption is being changed ({sse.Status.Value}).", "Wait until it is ENABLED, then run the doctor again."),

            _ => Verdict.Warning("No KMS key: DynamoDB encrypts such a table with a key that AWS owns, and a local engine encrypts none.", remedy),
        };
    });
}
