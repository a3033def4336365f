using Amazon.CDK;
using Amazon.CDK.AWS.DynamoDB;
using Amazon.CDK.AWS.KMS;
using Constructs;
using Attribute = Amazon.CDK.AWS.DynamoDB.Attribute;

namespace DigestStore.Cdk;

public sealed class DigestTableStack : Stack
{
    public DigestTableStack(Construct scope, string id, string tableName = "digests", int pointInTimeRecoveryDays = 35)
        : base(scope, id)
    {
        var key = new Key(this, "TableKey", new KeyProps
        {
            Description = $"Encrypts the table {tableName} and its backups",
            EnableKeyRotation = true,
            PendingWindow = Duration.Days(30),
            RemovalPolicy = RemovalPolicy.RETAIN,
        });
        var table = new Table(this, "DigestTable", new TableProps
        {
            TableName = tableName,
            PartitionKey = Text("pk"),
            SortKey = Text("sk"),
            BillingMode = BillingMode.PAY_PER_REQUEST,
            TimeToLiveAttribute = "expiresAt",
            Stream = StreamViewType.NEW_IMAGE,
            Encryption = TableEncryption.CUSTOMER_MANAGED,
            EncryptionKey = key,
            PointInTimeRecovery = true,
            DeletionProtection = true,
            TableClass = TableClass.STANDARD,
            RemovalPolicy = RemovalPolicy.RETAIN,
        });
        table.AddGlobalSecondaryIndex(new GlobalSecondaryIndexProps
        {
            IndexName = "by-status",
            PartitionKey = Text("gsi1pk"),
            SortKey = Text("gsi1sk"),
            ProjectionType = ProjectionType.ALL,
        });

        // This version of the CDK has no property for it.
        ((CfnTable)table.Node.DefaultChild!).AddPropertyOverride("PointInTimeRecoverySpecification.RecoveryPeriodInDays", pointInTimeRecoveryDays);
        Amazon.CDK.Tags.Of(table).Add("application", "digest-store");
    }

    private static Attribute Text(string name) => new() { Name = name, Type = AttributeType.STRING };
}
