using System.Text.Json.Nodes;
using DigestStore.InfrastructureTests.Policies;
using DigestStore.InfrastructureTests.Template;
using DigestStore.TestSupport;

namespace DigestStore.InfrastructureTests.LeastPrivilege;

/// <summary>Somebody of the account with one of the template's policies and no other.</summary>
internal sealed class Role
{
    private static readonly CloudFormationTemplate Template = CloudFormationTemplate.Load();

    private Role(string policy, IReadOnlyList<PolicyStatement> statements) => (Policy, Statements) = (policy, statements);

    public static string Table { get; } = (string)Template.Resolve(Template.Properties("DigestTable")["TableName"])!;

    public static string TableArn { get; } = $"arn:aws:dynamodb:{Resolution.Region}:{Resolution.Account}:table/{Table}";

    public static string Key { get; } = (string)Template.Resolve(new JsonObject { ["Fn::GetAtt"] = new JsonArray("TableKey", "Arn") })!;

    public string Policy { get; }

    public IReadOnlyList<PolicyStatement> Statements { get; }

    /// <summary>ARN of its principal.</summary>
    public string Principal => $"arn:aws:iam::{Resolution.Account}:role/with-{Policy}";

    /// <summary>Every action that it allows, each with every resource that it allows it on.</summary>
    public IEnumerable<string> Grants =>
        (from statement in Statements
         where statement.IsAllow
         from action in statement.Actions
         from resource in statement.Resources
         select $"{action} {resource}").Order(StringComparer.Ordinal);

    /// <param name="policy">Logical id of the policy.</param>
    /// <param name="change">What its document is changed by first.</param>
    public static Role With(string policy, Action<JsonNode>? change = null)
    {
        JsonNode document = Template.Resolve(Template.Properties(policy)["PolicyDocument"])!;
        change?.Invoke(document);
        return new Role(policy, PolicyStatement.Of(document));
    }

    /// <summary>What a request is about.</summary>
    public static string ArnOf(TableRequest request) => request.Resource switch
    {
        TableRequest.Table => TableArn,
        TableRequest.Account => "*",
        _ => $"{TableArn}/{request.Resource}",
    };

    /// <summary>Whether DynamoDB carries a request out: it asks for the action, and KMS for the table's key on behalf of the same caller.</summary>
    public bool May(TableRequest request) => May(request.Action, ArnOf(request)) && MayUseKey(ThroughTable("kms:Decrypt", Key));

    public bool May(string action, string resource) => Statements.Allows(new AccessRequest(Principal, $"dynamodb:{action}", resource));

    public bool MayUseKey(AccessRequest request, string key = "TableKey") =>
        Statements.Allows(request, PolicyStatement.Of(Template.Resolve(Template.Properties(key)["KeyPolicy"])));

    /// <summary>A request of KMS as DynamoDB makes it for a table: https://docs.aws.amazon.com/kms/latest/developerguide/services-dynamodb.html</summary>
    public AccessRequest ThroughTable(string action, string key) => new AccessRequest(Principal, action, key)
        .With("kms:ViaService", $"dynamodb.{Resolution.Region}.amazonaws.com")
        .With("kms:CallerAccount", Resolution.Account)
        .With("kms:EncryptionContext:aws:dynamodb:tableName", Table)
        .With("kms:EncryptionContext:aws:dynamodb:subscriberId", Resolution.Account);
}
