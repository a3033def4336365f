using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DigestStore.InfrastructureTests.Linters;

/// <summary>Reads what the linters print.</summary>
internal static partial class LinterReports
{
    /// <summary>The findings of <c>lint.cjs</c>, by file name.</summary>
    public static IEnumerable<(string File, Finding Finding)> OfScript(string output) =>
        from file in JsonNode.Parse(output)!.AsObject()
        from finding in file.Value!.AsArray()
        select (file.Key, new Finding((string)finding!["check"]!, (string)finding["resource"]!, (string)finding["message"]!));

    /// <summary>The rules of cfn-guard that did not hold, by file name.</summary>
    public static IEnumerable<(string File, Finding Finding)> OfGuard(string output) =>
        from file in JsonNode.Parse(output)!.AsArray()
        from rule in file!["not_compliant"]!.AsArray()
        select (Path.GetFileName((string)file["name"]!), OfRule(rule!["Rule"]!));

    private static Finding OfRule(JsonNode rule)
    {
        string checks = rule["checks"]!.ToJsonString();
        return new Finding($"guard {rule["name"]}", LogicalId().Match(checks).Groups["id"].Value, checks);
    }

    [GeneratedRegex("\"/Resources/(?<id>[A-Za-z0-9]+)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex LogicalId();
}
