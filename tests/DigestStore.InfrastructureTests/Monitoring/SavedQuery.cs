using System.Text.RegularExpressions;
using DigestStore.InfrastructureTests.Template;

namespace DigestStore.InfrastructureTests.Monitoring;

/// <summary>A saved query of Logs Insights, with what its first comment links it to.</summary>
internal sealed partial record SavedQuery(string LogicalId, string Name, string Query)
{
    /// <summary>The runbook's headings that the query is for: those of alarms, or of other chapters.</summary>
    public string[] Headings => Link().Match(Query) is { Success: true } link ? link.Groups["heading"].Value.Split(", ") : [];

    public static IReadOnlyList<SavedQuery> AllOf(CloudFormationTemplate template) =>
    [
        .. from entry in template.OfType("AWS::Logs::QueryDefinition")
           let properties = template.Resolve(entry.Value["Properties"])!
           select new SavedQuery(entry.Key, (string)properties[nameof(Name)]!, (string)properties["QueryString"]!),
    ];

    [GeneratedRegex(@"^# (?:Alarms|Runbook): (?<heading>[a-z0-9-]+(?:, [a-z0-9-]+)*)\n", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Link();
}
