using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DigestStore.InfrastructureTests.Policies;

/// <summary>One statement of a policy document without intrinsic functions.</summary>
internal sealed class PolicyStatement
{
    private static readonly string[] Known = ["Sid", "Effect", "Principal", "Action", "Resource", "Condition"];

    private readonly JsonObject? _conditions;

    private PolicyStatement(JsonObject statement)
    {
        Sid = (string?)statement[nameof(Sid)] ?? "(no Sid)";
        if (statement.Select(static member => member.Key).Except(Known, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
        {
            throw new NotSupportedException($"The statement {Sid} has '{unknown}', which the evaluator does not know. Say it with {string.Join(", ", Known)}.");
        }

        IsAllow = (string?)statement["Effect"] switch
        {
            "Allow" => true,
            "Deny" => false,
            var other => throw new NotSupportedException($"The statement {Sid} has the effect '{other}'. Write Allow or Deny."),
        };
        Actions = Texts(statement["Action"]);

        // A trust says who may take the role, and the role that it is about is the one that has it.
        Resources = statement["Resource"] is null && statement["Principal"] is not null ? ["*"] : Texts(statement["Resource"]);
        Principals = statement["Principal"] is JsonObject principals ? [.. principals.SelectMany(static kind => Texts(kind.Value))] : Texts(statement["Principal"]);
        _conditions = (JsonObject?)statement["Condition"];
    }

    public string Sid { get; }

    public bool IsAllow { get; }

    public IReadOnlyList<string> Actions { get; }

    public IReadOnlyList<string> Resources { get; }

    /// <summary>Of a resource's policy.</summary>
    public IReadOnlyList<string> Principals { get; }

    public static IReadOnlyList<PolicyStatement> Of(JsonNode? document) => document?["Statement"] switch
    {
        JsonArray statements => [.. statements.Select(static statement => new PolicyStatement((JsonObject)statement!))],
        JsonObject statement => [new PolicyStatement(statement)],
        _ => throw new ArgumentException("A policy document has a Statement.", nameof(document)),
    };

    /// <summary>Whether it is about this action on this resource, and its conditions hold.</summary>
    public bool IsAbout(AccessRequest request) =>
        Actions.Any(action => Matches(request.Action, action, RegexOptions.IgnoreCase)) &&
        Resources.Any(resource => Matches(request.Resource, resource)) &&
        (_conditions ?? []).All(block => ((JsonObject)block.Value!).All(key => PolicyCondition.Holds(block.Key, key.Key, Texts(key.Value), request)));

    /// <summary><c>*</c> is any text, <c>?</c> any character.</summary>
    public static bool Matches(string text, string pattern, RegexOptions options = RegexOptions.None) => Regex.IsMatch(
        text,
        $"^{Regex.Escape(pattern).Replace(@"\*", ".*", StringComparison.Ordinal).Replace(@"\?", ".", StringComparison.Ordinal)}$",
        options | RegexOptions.Singleline | RegexOptions.CultureInvariant);

    private static string[] Texts(JsonNode? node) => node switch
    {
        null => [],
        JsonArray several => [.. several.Select(static one => Text(one!))],
        _ => [Text(node)],
    };

    private static string Text(JsonNode node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : node.ToJsonString();
}
