namespace DigestStore.InfrastructureTests.Policies;

/// <summary>Conditions as IAM evaluates them: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html</summary>
internal static class PolicyCondition
{
    private const string IfExists = "IfExists";
    private const string ForAllValues = "ForAllValues:";
    private const string ForAnyValue = "ForAnyValue:";

    public static bool Holds(string condition, string key, IReadOnlyList<string> wanted, AccessRequest request)
    {
        string[] values = request.Context.GetValueOrDefault(key) ?? [];
        if (condition == "Null")
        {
            return wanted.All(isNull => bool.Parse(isNull) == (values.Length == 0));
        }

        if (wanted.FirstOrDefault(static text => text.Contains("${", StringComparison.Ordinal)) is { } variable)
        {
            throw new NotSupportedException($"The condition {condition} of '{key}' has the variable '{variable}', which the evaluator does not know. Add it to {nameof(PolicyCondition)}.");
        }

        (string qualifier, string name) = Split(condition);
        bool mayBeMissing = name.EndsWith(IfExists, StringComparison.Ordinal);
        (Func<string, string, bool> compare, bool isNegated) = Operator(mayBeMissing ? name[..^IfExists.Length] : name, condition);
        if (values.Length == 0 && mayBeMissing)
        {
            return true;
        }

        return qualifier switch
        {
            // Nothing is in everything: of a request without the key this holds, which makes it a hole unless Null closes it.
            ForAllValues => values.All(Meets),
            ForAnyValue => values.Any(Meets),
            _ => values.Length == 0 ? isNegated : Meets(values[0]),
        };

        bool Meets(string value) => wanted.Any(text => compare(value, text)) != isNegated;
    }

    private static (string Qualifier, string Name) Split(string condition) =>
        Array.Find([ForAllValues, ForAnyValue], qualifier => condition.StartsWith(qualifier, StringComparison.Ordinal)) is { } found ? (found, condition[found.Length..]) : ("", condition);

    private static (Func<string, string, bool> Compare, bool IsNegated) Operator(string name, string condition) => name switch
    {
        "StringEquals" => (Same, false),
        "StringNotEquals" => (Same, true),
        "StringEqualsIgnoreCase" or "Bool" => (SameIgnoringCase, false),
        "StringNotEqualsIgnoreCase" => (SameIgnoringCase, true),
        "StringLike" or "ArnLike" or "ArnEquals" => (Like, false),
        "StringNotLike" or "ArnNotLike" or "ArnNotEquals" => (Like, true),
        _ => throw new NotSupportedException($"The evaluator does not know the condition operator '{condition}'. Add it to {nameof(PolicyCondition)}, with a test of what it does to a request without the key."),
    };

    private static bool Same(string value, string wanted) => string.Equals(value, wanted, StringComparison.Ordinal);

    private static bool SameIgnoringCase(string value, string wanted) => string.Equals(value, wanted, StringComparison.OrdinalIgnoreCase);

    private static bool Like(string value, string wanted) => PolicyStatement.Matches(value, wanted);
}
