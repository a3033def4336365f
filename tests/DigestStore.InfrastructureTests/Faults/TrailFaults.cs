using System.Text.Json.Nodes;
using DigestStore.InfrastructureTests.Template;

namespace DigestStore.InfrastructureTests.Faults;

internal static class TrailFaults
{
    private const string Recorded = "code the_trail_records_the_table_and_its_stream";

    public static IReadOnlyList<PlantedFault> All { get; } =
    [
        new("trail off", static template => template.Set("Trail/Properties/IsLogging", false),
            "guard trail_is_on"),
        new("trail without validation of its files", static template => template.Set("Trail/Properties/EnableLogFileValidation", false),
            "cdk-nag NIST.800.53.R5-CloudTrailLogFileValidationEnabled", "guard trail_cannot_be_altered_unseen"),
        new("trail without data events", static template => template.Remove("Trail/Properties/AdvancedEventSelectors"),
            Recorded, "guard trail_records_the_table"),
        new("trail of writes only", static template => template.Append("Trail/Properties/AdvancedEventSelectors/0/FieldSelectors", JsonNode.Parse("""{ "Field": "readOnly", "Equals": ["false"] }""")!),
            "guard trail_records_the_table"),
        new("trail of another table", static template => template.Set("Trail/Properties/AdvancedEventSelectors/0/FieldSelectors/2/Equals/0", "arn:aws:dynamodb:eu-central-1:123456789012:table/invoices"),
            Recorded),
        new("trail of every table", static template => template.Remove("Trail/Properties/AdvancedEventSelectors/0/FieldSelectors/2"),
            Recorded),
        new("trail without the stream", static template => template.Remove("Trail/Properties/AdvancedEventSelectors/1"),
            Recorded),
        new("trail made before its bucket admits it", static template => template.Remove("Trail/DependsOn"),
            "guard trail_waits_for_its_bucket"),
        new("trail under a name that its bucket refuses", static template => template.Set("Trail/Properties/TrailName", "digests-trail"),
            "code the_trail_has_the_name_that_bucket_and_key_admit", PlantedFault.Admitted),
        new("public bucket, by its list", static template => template.Set("TrailBucket/Properties/AccessControl", "PublicRead"),
            "cfn-validate W3045", "guard bucket_is_private"),
        new("public bucket, by its policy", static template => template.Set("TrailBucketPolicy/Properties/PolicyDocument/Statement/1/Principal", "*"),
            PlantedFault.Admitted, "guard bucket_is_written_by_the_trail_only"),
        new("bucket's block of public access open", static template => template.Set("TrailBucket/Properties/PublicAccessBlockConfiguration/RestrictPublicBuckets", false),
            "cdk-nag AwsSolutions-S2", "cdk-nag NIST.800.53.R5-S3BucketLevelPublicAccessProhibited", "guard bucket_is_private"),
        new("bucket encrypted by S3's key", static template => template.Remove("TrailBucket/Properties/BucketEncryption"),
            "cdk-nag NIST.800.53.R5-S3DefaultEncryptionKMS", "guard bucket_is_encrypted"),
        new("bucket without versions", static template => template.Remove("TrailBucket/Properties/VersioningConfiguration"),
            "cdk-nag NIST.800.53.R5-S3BucketVersioningEnabled", "guard bucket_keeps_versions"),
        new("bucket without a lifecycle", static template => template.Remove("TrailBucket/Properties/LifecycleConfiguration"),
            "guard bucket_has_a_lifecycle"),
        new("bucket reachable without TLS", static template => template.Remove("TrailBucketPolicy/Properties/PolicyDocument/Statement/0"),
            "cdk-nag AwsSolutions-S10", "cdk-nag NIST.800.53.R5-S3BucketSSLRequestsOnly", PlantedFault.Admitted, "guard bucket_needs_tls"),
        new("trails of any account write", static template => template.Remove("TrailBucketPolicy/Properties/PolicyDocument/Statement/2/Condition/StringEquals/aws:SourceArn"),
            PlantedFault.Admitted, "guard bucket_is_written_by_the_trail_only"),
        new("trail deletes files", static template => template.Set("TrailBucketPolicy/Properties/PolicyDocument/Statement/2/Action", new JsonArray("s3:PutObject", "s3:DeleteObject")),
            PlantedFault.Admitted),
        new("trail changes the bucket's policy", static template => template.Set("TrailBucketPolicy/Properties/PolicyDocument/Statement/1/Action", new JsonArray("s3:GetBucketAcl", "s3:PutBucketPolicy")),
            PlantedFault.Admitted),
        new("bucket deleted with the stack", static template => template.Remove("TrailBucket/DeletionPolicy"),
            "cfn-validate W3011", "guard bucket_is_retained"),
    ];
}
