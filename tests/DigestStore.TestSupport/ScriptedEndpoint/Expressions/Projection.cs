using System.Text.Json.Nodes;

namespace DigestStore.TestSupport;

/// <summary>The attributes to return; all if there is no projection expression.</summary>
internal sealed class Projection
{
    private readonly HashSet<string>? _names;

    private Projection(HashSet<string>? names)
    {
        _names = names;
    }

    public static Projection Of(string? expression, ExpressionScope scope)
    {
        if (expression is null)
        {
            return new Projection(null);
        }

        var tokens = new TokenReader(expression);
        var names = new HashSet<string>();
        do
        {
            names.Add(Operand.Path(tokens, scope));
        }
        while (tokens.TryTake(","));
        return tokens.AtEnd ? new Projection(names) : throw tokens.SyntaxError();
    }

    public JsonNode Apply(JsonObject item) => _names is null
        ? item.DeepClone()
        : new JsonObject(item.Where(attribute => _names.Contains(attribute.Key)).Select(attribute => KeyValuePair.Create(attribute.Key, attribute.Value?.DeepClone())));
}
