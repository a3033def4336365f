using System.Text.RegularExpressions;

namespace DigestStore.InfrastructureTests.Monitoring;

/// <summary>A SEARCH of metric math: a schema of namespace and dimension names, and words about the name and the dimensions.</summary>
internal sealed partial record MetricSearch(string Namespace, string[] DimensionNames, IReadOnlyList<(string Key, string Value, bool IsNegated)> Words, string Statistic)
{
    /// <exception cref="FormatException">The search has a form that the tests do not know.</exception>
    public static MetricSearch Of(Expression.Call call)
    {
        if (call.Arguments is not [Expression.Text { Value: var text }, Expression.Text { Value: var statistic }, ..] || Form().Match(text) is not { Success: true } match)
        {
            throw new FormatException($"This SEARCH is not of the form SEARCH('{{Namespace,dimension,…}} key=\"value\" …', 'statistic', period): {call}");
        }

        string[] schema = [.. match.Groups["schema"].Value.Split(',').Select(static name => name.Trim().Trim('"'))];
        (string, string, bool)[] words =
        [
            .. match.Groups["word"].Captures.Select(static word => Word().Match(word.Value)).Select(static word => (word.Groups["key"].Value, word.Groups["value"].Value, word.Groups["not"].Success)),
        ];
        return new MetricSearch(schema[0], schema[1..], words, statistic);
    }

    public IEnumerable<MetricIdentity> Matches(IEnumerable<MetricIdentity> identities) =>
        from identity in identities
        where identity.Namespace == Namespace && identity.DimensionNames.Order(StringComparer.Ordinal).SequenceEqual(DimensionNames.Order(StringComparer.Ordinal))
        where Words.All(word => (word.Key == "MetricName" ? identity.Name : identity.Pairs.FirstOrDefault(pair => pair.Name == word.Key).Value) == word.Value != word.IsNegated)
        orderby identity.Dimensions
        select identity;

    [GeneratedRegex("""^\{(?<schema>[^}]+)\}(\s+(?<word>(NOT\s+)?[\w.]+="[^"]*"))*$""", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    [GeneratedRegex("""^(?<not>NOT\s+)?(?<key>[\w.]+)="(?<value>[^"]*)"$""", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
