using System.Text.Json.Nodes;

namespace DigestStore.InfrastructureTests.Policies;

/// <summary>The evaluator decides as IAM is documented to do.</summary>
public sealed class PolicyEvaluatorTests
{
    private const string Caller = "arn:aws:iam::123456789012:role/caller";
    private const string Table = "arn:aws:dynamodb:eu-central-1:123456789012:table/digests";

    [Theory]
    [InlineData("dynamodb:Query", Table, true)]
    [InlineData("DYNAMODB:query", Table, true)]
    [InlineData("dynamodb:*", Table, true)]
    [InlineData("*", "*", true)]
    [InlineData("dynamodb:Q?ery", "arn:aws:dynamodb:*:123456789012:table/digest?", true)]
    [InlineData("dynamodb:Quer", Table, false)]
    [InlineData("dynamodb:Query", "arn:aws:dynamodb:eu-central-1:123456789012:table/Digests", false)]
    [InlineData("dynamodb:Query", $"{Table}/index/*", false)]
    [InlineData("dynamodb.Query", Table, false)]
    public void An_action_is_compared_without_case_a_resource_with_and_wildcards_are_any_text_or_character(string action, string resource, bool isAllowed) =>
        Assert.Equal(isAllowed, Allow(action, resource).Allows(Request()));

    [Fact]
    public void A_denial_wins_wherever_it_stands()
    {
        IReadOnlyList<PolicyStatement> policy = Statements($$"""
            { "Effect": "Deny", "Action": "dynamodb:Query", "Resource": "*", "Condition": { "StringEquals": { "aws:RequestedRegion": "us-east-1" } } },
            { "Effect": "Allow", "Action": "dynamodb:*", "Resource": "{{Table}}" }
            """);

        Assert.True(policy.Allows(Request()));
        Assert.False(policy.Allows(Request().With("aws:RequestedRegion", "us-east-1")));
        Assert.False(Statements("""{ "Effect": "Deny", "Action": "*", "Resource": "*" }""").Allows(Request()));
    }

    // The last two columns: a request with a key that is wanted, and with another one.
    [Theory]
    [InlineData("StringEquals", false, true, false)]
    [InlineData("StringNotEquals", true, false, true)]
    [InlineData("StringLike", false, true, false)]
    [InlineData("StringNotLike", true, false, true)]
    [InlineData("StringEqualsIgnoreCase", false, true, false)]
    [InlineData("StringEqualsIfExists", true, true, false)]
    [InlineData("ArnLike", false, true, false)]
    [InlineData("ArnNotEquals", true, false, true)]
    [InlineData("ForAllValues:StringEquals", true, true, false)]
    [InlineData("ForAnyValue:StringEquals", false, true, false)]
    [InlineData("ForAnyValue:StringNotEquals", false, false, true)]
    public void A_condition_decides_on_a_missing_a_wanted_and_another_value(string condition, bool missing, bool wanted, bool other)
    {
        IReadOnlyList<PolicyStatement> policy = Allow("*", "*", $$"""{ "{{condition}}": { "aws:Key": ["one", "two"] } }""");

        Assert.Equal((missing, wanted, other), (policy.Allows(Request()), policy.Allows(Request().With("AWS:key", "two")), policy.Allows(Request().With("aws:Key", "three"))));
    }

    [Theory]
    [InlineData("ForAllValues:StringEquals", false)]
    [InlineData("ForAnyValue:StringEquals", true)]
    public void Of_several_values_all_or_any_must_be_wanted(string condition, bool isAllowed) =>
        Assert.Equal(isAllowed, Allow("*", "*", $$"""{ "{{condition}}": { "aws:Key": "one" } }""").Allows(Request().With("aws:Key", "one", "three")));

    [Theory]
    [InlineData(true, true, false)]
    [InlineData(false, false, true)]
    public void Null_asks_whether_a_key_is_missing(bool isNull, bool missing, bool there)
    {
        IReadOnlyList<PolicyStatement> policy = Allow("*", "*", $$"""{ "Null": { "aws:Key": {{(isNull ? "true" : "\"false\"")}} } }""");

        Assert.Equal((missing, there), (policy.Allows(Request()), policy.Allows(Request().With("aws:Key", "one"))));
    }

    [Fact]
    public void All_conditions_must_hold()
    {
        IReadOnlyList<PolicyStatement> policy = Allow("*", "*", """{ "StringEquals": { "a": "1", "b": "2" }, "Bool": { "aws:SecureTransport": true } }""");
        AccessRequest request = Request().With("a", "1").With("b", "2").With("aws:SecureTransport", "true");

        Assert.True(policy.Allows(request));
        Assert.False(policy.Allows(request.With("b", "3")));
        Assert.False(policy.Allows(request.With("aws:SecureTransport", "false")));
    }

    [Theory]
    [InlineData(Caller, "[]", true)]
    [InlineData("arn:aws:iam::123456789012:root", "[]", false)]
    [InlineData("arn:aws:iam::123456789012:root", """[{ "Effect": "Allow", "Action": "dynamodb:Query", "Resource": "*" }]""", true)]
    [InlineData("arn:aws:iam::123456789012:root", """[{ "Effect": "Deny", "Action": "*", "Resource": "*" }, { "Effect": "Allow", "Action": "*", "Resource": "*" }]""", false)]
    [InlineData("arn:aws:iam::210987654321:root", """[{ "Effect": "Allow", "Action": "dynamodb:Query", "Resource": "*" }]""", false)]
    [InlineData("*", "[]", true)]
    public void A_policy_of_the_resource_decides_alone_only_where_it_names_the_caller(string principal, string identity, bool isAllowed)
    {
        IReadOnlyList<PolicyStatement> resource = Statements($$"""{ "Effect": "Allow", "Principal": { "AWS": "{{principal}}" }, "Action": "dynamodb:*", "Resource": "*" }""");

        Assert.Equal(isAllowed, PolicyStatement.Of(JsonNode.Parse($$"""{ "Statement": {{identity}} }""")).Allows(Request(), resource));
    }

    [Fact]
    public void A_denial_of_the_resources_policy_wins_over_the_callers_own() =>
        Assert.False(Allow("*", "*").Allows(Request(), Statements($$"""
            { "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*" },
            { "Effect": "Deny", "Principal": { "AWS": "{{Caller}}" }, "Action": "dynamodb:Query", "Resource": "*" }
            """)));

    [Theory]
    [InlineData("backup.amazonaws.com", "123456789012", true)]
    [InlineData("lambda.amazonaws.com", "123456789012", false)]
    [InlineData("backup.amazonaws.com", "210987654321", false)]
    public void A_trust_names_no_resource_and_admits_the_service_that_it_names(string service, string account, bool isAllowed)
    {
        IReadOnlyList<PolicyStatement> trust = Statements("""
            { "Effect": "Allow", "Principal": { "Service": "backup.amazonaws.com" }, "Action": "sts:AssumeRole", "Condition": { "StringEquals": { "aws:SourceAccount": "123456789012" } } }
            """);

        Assert.Equal(isAllowed, ((IReadOnlyList<PolicyStatement>)[]).Allows(new AccessRequest(service, "sts:AssumeRole", "arn:aws:iam::123456789012:role/backup").With("aws:SourceAccount", account), trust));
        Assert.False(Statements("""{ "Effect": "Allow", "Action": "dynamodb:Query" }""").Allows(Request()));
    }

    [Theory]
    [InlineData("""{ "NumericLessThan": { "aws:MultiFactorAuthAge": "3600" } }""", "does not know the condition operator 'NumericLessThan'")]
    [InlineData("""{ "StringEquals": { "aws:Key": "${aws:username}" } }""", "variable '${aws:username}'")]
    public void What_it_does_not_know_is_an_error(string condition, string message) =>
        Assert.Contains(message, Assert.Throws<NotSupportedException>(() => Allow("*", "*", condition).Allows(Request().With("aws:Key", "one"))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{ "Effect": "Allow", "NotAction": "iam:*", "Resource": "*" }""", "has 'NotAction'")]
    [InlineData("""{ "Effect": "Allow", "Action": "*", "NotResource": "*" }""", "has 'NotResource'")]
    [InlineData("""{ "Effect": "allow", "Action": "*", "Resource": "*" }""", "effect 'allow'")]
    public void A_statement_that_it_cannot_read_is_an_error(string statement, string message) =>
        Assert.Contains(message, Assert.Throws<NotSupportedException>(() => Statements(statement)).Message, StringComparison.Ordinal);

    private static AccessRequest Request() => new(Caller, "dynamodb:Query", Table);

    private static IReadOnlyList<PolicyStatement> Allow(string action, string resource, string condition = "{}") =>
        Statements($$"""{ "Effect": "Allow", "Action": "{{action}}", "Resource": "{{resource}}", "Condition": {{condition}} }""");

    private static IReadOnlyList<PolicyStatement> Statements(string statements) => PolicyStatement.Of(JsonNode.Parse($$"""{ "Statement": [{{statements}}] }"""));
}
