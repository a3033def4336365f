using System.Text.Json.Nodes;
using DigestStore.InfrastructureTests.Policies;

namespace DigestStore.InfrastructureTests.LeastPrivilege;

/// <summary>What no role of the template may do, and that a policy with a hole would be found.</summary>
public sealed class ForbiddenRequestTests
{
    private const string Reader = LibraryMethod.Reader;
    private const string Writer = LibraryMethod.Writer;
    private const string Operator = LibraryMethod.Operator;
    private const string OtherAccount = "210987654321";

    /// <summary>Role, action of DynamoDB, resource.</summary>
    private static readonly (string Role, string Action, string Resource)[] OnTables =
    [
        .. Each("Query", Role.TableArn.Replace(Role.Table, "orders", StringComparison.Ordinal)),
        .. Each("Query", $"{Role.TableArn}-copy"),
        .. Each("Query", $"{Role.TableArn}/index/by-source"),
        .. Each("Query", Role.TableArn.Replace(Template.Resolution.Account, OtherAccount, StringComparison.Ordinal)),
        .. Each("BatchGetItem", Role.TableArn.Replace(Template.Resolution.Region, "us-east-1", StringComparison.Ordinal)),
        .. Each("Scan", Role.TableArn),
        .. Each("Scan", $"{Role.TableArn}/index/by-status"),
        .. Each("PutItem", Role.TableArn),
        .. Each("DeleteItem", Role.TableArn),
        .. Each("DeleteTable", Role.TableArn),
        .. Each("UpdateTable", Role.TableArn),
        .. Each("UpdateTimeToLive", Role.TableArn),
        .. Each("UpdateContinuousBackups", Role.TableArn),
        .. Each("CreateTable", Role.TableArn),
        .. Each("PutResourcePolicy", Role.TableArn),
        .. Each("ExportTableToPointInTime", Role.TableArn),
        .. Each("GetRecords", $"{Role.TableArn}/stream/2026-11-21T05:30:00.000"),
        .. Each("ListTables", "*"),
        .. Each("PartiQLSelect", Role.TableArn),
        (Reader, "BatchWriteItem", Role.TableArn),
        (Reader, "UpdateItem", Role.TableArn),
        (Reader, "DescribeTable", Role.TableArn),
        (Writer, "Query", $"{Role.TableArn}/index/by-status"),
        (Writer, "DescribeTable", Role.TableArn),
    ];

    public static TheoryData<string, string, string> Tables => [.. OnTables];

    [Theory]
    [MemberData(nameof(Tables))]
    public void No_role_may_do_it(string role, string action, string resource) => Assert.False(Role.With(role).May(action, resource));

    [Theory]
    [InlineData(Reader)]
    [InlineData(Writer)]
    [InlineData(Operator)]
    public void The_key_decrypts_through_DynamoDB_for_this_table_and_nothing_else(string policy)
    {
        Role role = Role.With(policy);

        Assert.True(role.MayUseKey(role.ThroughTable("kms:Decrypt", Role.Key)));
        Assert.DoesNotContain(OnKeys(role), request => role.MayUseKey(request));
    }

    [Theory]
    [InlineData("kms:Decrypt")]
    [InlineData("kms:GenerateDataKey")]
    [InlineData("kms:CreateGrant")]
    public void The_key_alone_lets_nobody_use_it_and_an_administrator_only_through_DynamoDB(string action)
    {
        Role role = Role.With(Reader, static document => document["Statement"] = new JsonArray());
        Role administrator = Role.With(Reader, static document => document["Statement"] = JsonNode.Parse("""[{ "Effect": "Allow", "Action": "*", "Resource": "*" }]"""));
        AccessRequest direct = new(role.Principal, action, Role.Key);

        Assert.False(role.MayUseKey(role.ThroughTable(action, Role.Key)));
        Assert.False(administrator.MayUseKey(direct));
        Assert.False(administrator.MayUseKey(direct.With("kms:ViaService", "s3.eu-central-1.amazonaws.com").With("kms:CallerAccount", Template.Resolution.Account)));
        Assert.True(administrator.MayUseKey(role.ThroughTable(action, Role.Key)));
        Assert.False(administrator.MayUseKey(role.ThroughTable(action, Role.Key) with { Principal = $"arn:aws:iam::{OtherAccount}:role/administrator" }));
    }

    [Theory]
    [InlineData(Reader, """{ "Effect": "Allow", "Action": "dynamodb:*", "Resource": "arn:aws:dynamodb:eu-central-1:123456789012:table/digests" }""")]
    [InlineData(Reader, """{ "Effect": "Allow", "Action": "dynamodb:Query", "Resource": "*" }""")]
    [InlineData(Writer, """{ "Effect": "Allow", "Action": "dynamodb:Query", "Resource": "arn:aws:dynamodb:eu-central-1:123456789012:table/digests*" }""")]
    [InlineData(Writer, """{ "Effect": "Allow", "Action": "dynamodb:*", "Resource": "*", "Condition": { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["DIGEST#daily#2026-11-21"] } } }""")]
    [InlineData(Writer, """{ "Effect": "Allow", "Action": "dynamodb:S*", "Resource": "*", "Condition": { "StringEqualsIfExists": { "dynamodb:Select": "COUNT" } } }""")]
    [InlineData(Operator, """{ "Effect": "Allow", "Action": "dynamodb:*Table", "Resource": "*", "Condition": { "StringNotEquals": { "aws:PrincipalTag/team": "guests" } } }""")]
    [InlineData(Operator, """{ "Effect": "Allow", "Action": "dynamodb:DeleteTable", "Resource": "arn:aws:dynamodb:eu-central-1:123456789012:table/digests", "Condition": { "Null": { "aws:MultiFactorAuthAge": true } } }""")]
    public void A_statement_with_a_hole_lets_something_forbidden_through(string policy, string statement)
    {
        Role role = Role.With(policy, document => document["Statement"]!.AsArray().Add(JsonNode.Parse(statement)));

        Assert.Contains(OnTables, forbidden => forbidden.Role == policy && role.May(forbidden.Action, forbidden.Resource));
    }

    [Theory]
    [InlineData("kms:ViaService")]
    [InlineData("kms:EncryptionContext:aws:dynamodb:tableName")]
    public void A_condition_that_is_left_out_lets_something_forbidden_through(string key)
    {
        Role role = Role.With(Writer, document =>
        {
            JsonNode statement = document["Statement"]!.AsArray().Single(static one => (string?)one!["Sid"] == "DecryptThroughDynamoDB")!;
            Assert.True(statement["Condition"]!["StringEquals"]!.AsObject().Remove(key));
        });

        // The key's own policy closes the way around DynamoDB, whatever the caller's says.
        Assert.Contains(OnKeys(role), request => role.Statements.Allows(request));
        Assert.Equal(key != "kms:ViaService", OnKeys(role).Any(request => role.MayUseKey(request)));
    }

    [Fact]
    public void The_keys_of_the_alarms_are_no_keys_of_the_roles()
    {
        Role role = Role.With(Operator);

        Assert.False(role.MayUseKey(role.ThroughTable("kms:Decrypt", Role.Key), "OperationsKey"));
    }

    private static AccessRequest[] OnKeys(Role role)
    {
        AccessRequest allowed = role.ThroughTable("kms:Decrypt", Role.Key);
        AccessRequest direct = new(role.Principal, "kms:Decrypt", Role.Key);
        return
        [
            direct,
            direct.With("kms:EncryptionContext:aws:dynamodb:tableName", Role.Table),
            direct.With("kms:ViaService", "dynamodb.eu-central-1.amazonaws.com"),
            allowed.With("kms:ViaService", "s3.eu-central-1.amazonaws.com"),
            allowed.With("kms:ViaService", "dynamodb.us-east-1.amazonaws.com"),
            allowed.With("kms:ViaService"),
            allowed.With("kms:EncryptionContext:aws:dynamodb:tableName", "orders"),
            allowed.With("kms:EncryptionContext:aws:dynamodb:tableName", $"{Role.Table}-copy"),
            allowed with { Resource = Role.Key.Replace("TableKey", "OperationsKey", StringComparison.Ordinal) },
            .. from action in (string[])["kms:Encrypt", "kms:GenerateDataKey", "kms:CreateGrant", "kms:ReEncryptFrom", "kms:DescribeKey", "kms:PutKeyPolicy", "kms:DisableKey", "kms:ScheduleKeyDeletion"]
               select allowed with { Action = action },
        ];
    }

    private static (string Role, string Action, string Resource)[] Each(string action, string resource) => [(Reader, action, resource), (Writer, action, resource), (Operator, action, resource)];
}
