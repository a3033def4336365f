using System.Text.Json.Nodes;
using DigestStore.InfrastructureTests.LeastPrivilege;
using DigestStore.InfrastructureTests.Policies;
using DigestStore.InfrastructureTests.Template;

namespace DigestStore.InfrastructureTests.Linters;

/// <summary>
/// Asks the policies of topic and bucket and the trust of the backup's role about the requests that they are for, which they must admit, and about every
/// request that differs from one of those in one thing, which they must not.
/// </summary>
internal static class ResourcePolicies
{
    private const string OtherAccount = "210987654321";
    private const string Elsewhere = "elsewhere";
    private const string Tls = "aws:SecureTransport";

    // The services of AWS have no policy of their own.
    private static readonly IReadOnlyList<PolicyStatement> None = [];

    public static IEnumerable<(string Resource, string Message)> Problems(CloudFormationTemplate template) =>
    [
        .. Judge(template, "AWS::SNS::TopicPolicy", "PolicyDocument", AlarmsPublish(template)),
        .. Judge(template, "AWS::S3::BucketPolicy", "PolicyDocument", TheTrailWrites(template)),
        .. Judge(template, "AWS::IAM::Role", "AssumeRolePolicyDocument", [BackupTakesItsRole]),
    ];

    // A trust is about its own role, and names no resource.
    private static AccessRequest BackupTakesItsRole => new AccessRequest("backup.amazonaws.com", "sts:AssumeRole", "").With("aws:SourceAccount", Resolution.Account);

    private static AccessRequest[] AlarmsPublish(CloudFormationTemplate template) =>
    [
        new AccessRequest("cloudwatch.amazonaws.com", "sns:Publish", Arn(template, "AlarmTopic", "TopicArn"))
            .With(Tls, "true").With("aws:SourceAccount", Resolution.Account).With("aws:SourceArn", Arn(template, "ItemFailuresAlarm", "Arn")),
    ];

    private static AccessRequest[] TheTrailWrites(CloudFormationTemplate template)
    {
        string bucket = Arn(template, "TrailBucket", "Arn");
        string trail = $"arn:aws:cloudtrail:{Resolution.Region}:{Resolution.Account}:trail/{template.Resolve(template.Properties("Trail")["TrailName"])}";
        return
        [
            new AccessRequest("cloudtrail.amazonaws.com", "s3:GetBucketAcl", bucket).With(Tls, "true").With("aws:SourceArn", trail),
            new AccessRequest("cloudtrail.amazonaws.com", "s3:PutObject", $"{bucket}/AWSLogs/{Resolution.Account}/CloudTrail/events.json.gz")
                .With(Tls, "true").With("aws:SourceArn", trail).With("s3:x-amz-acl", "bucket-owner-full-control"),
        ];
    }

    private static IEnumerable<(string Resource, string Message)> Judge(CloudFormationTemplate template, string type, string document, AccessRequest[] meant) =>
        from resource in template.OfType(type)
        let policy = PolicyStatement.Of(template.Resolve(resource.Value["Properties"]![document]))
        from message in Judge(policy, meant)
        select (resource.Key, message);

    private static IEnumerable<string> Judge(IReadOnlyList<PolicyStatement> policy, AccessRequest[] meant) =>
    [
        .. from statement in policy
           where statement.IsAllow
           from action in statement.Actions
           where !Array.Exists(meant, request => request.Action == action)
           select $"{statement.Sid} admits {action}, which nobody needs.",
        .. from request in meant where !None.Allows(request, policy) select $"What it is for is not admitted: {Text(request)}.",
        .. from request in meant.SelectMany(Altered) where None.Allows(request, policy) select $"It admits {Text(request)}.",
    ];

    private static IEnumerable<AccessRequest> Altered(AccessRequest request) =>
    [
        request with { Principal = "events.amazonaws.com" },
        request with { Principal = $"arn:aws:iam::{OtherAccount}:role/{Elsewhere}" },
        .. Others(request.Resource).Select(resource => request with { Resource = resource }),
        .. from key in request.Context from value in Others(key.Value.Single()) select request.With(key.Key, value),

        // Every request says whether it came by TLS; other keys may be missing.
        .. request.Context.Keys.Where(static key => key != Tls).Select(key => request.With(key)),
    ];

    private static IEnumerable<string> Others(string text) => text switch
    {
        "" => [],
        "true" => ["false"],
        _ => new[]
        {
            Elsewhere,
            text.Replace(Resolution.Account, OtherAccount, StringComparison.Ordinal),
            text.Replace(Resolution.Region, "us-east-1", StringComparison.Ordinal),
            text.Replace(Role.Table, "invoices", StringComparison.Ordinal),
        }.Distinct().Except([text]),
    };

    private static string Arn(CloudFormationTemplate template, string logicalId, string attribute) =>
        (string)template.Resolve(new JsonObject { ["Fn::GetAtt"] = new JsonArray(logicalId, attribute) })!;

    private static string Text(AccessRequest request) =>
        $"{request.Principal} {request.Action} {request.Resource} ({string.Join(", ", request.Context.Select(static key => $"{key.Key}: {string.Join(' ', key.Value)}"))})";
}
