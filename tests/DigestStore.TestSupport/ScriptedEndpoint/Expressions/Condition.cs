using System.Text.Json.Nodes;

namespace DigestStore.TestSupport;

/// <summary>A condition, filter or key condition.</summary>
internal sealed class Condition
{
    private readonly Func<JsonObject, bool> _holds;
    private readonly IReadOnlyDictionary<string, JsonNode> _equalities;

    public Condition(Func<JsonObject, bool> holds, IReadOnlyDictionary<string, JsonNode> equalities)
    {
        _holds = holds;
        _equalities = equalities;
    }

    public static Condition Parse(string expression, ExpressionScope scope) => new ConditionParser(expression, scope).Parse();

    public bool Holds(JsonObject item) => _holds(item);

    /// <summary>The string that the condition demands of an attribute in every case; null if it leaves a choice.</summary>
    public string? EqualityOn(string attribute) => _equalities.GetValueOrDefault(attribute)?["S"]?.GetValue<string>();
}
