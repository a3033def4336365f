using System.Text.Json.Nodes;

namespace DigestStore.TestSupport;

/// <summary>SET (with <c>if_not_exists</c>, + and -), ADD of numbers and REMOVE. Every value is taken from the item as it was before.</summary>
internal sealed class UpdateExpression
{
    private readonly TokenReader _tokens;
    private readonly ExpressionScope _scope;
    private readonly List<(string Target, Func<JsonObject, JsonNode?> Value)> _changes = [];

    private UpdateExpression(string expression, ExpressionScope scope)
    {
        _tokens = new TokenReader(expression);
        _scope = scope;
    }

    public IEnumerable<string> Targets => _changes.Select(change => change.Target);

    public static UpdateExpression Parse(string expression, ExpressionScope scope)
    {
        var update = new UpdateExpression(expression, scope);
        update.ParseSections();
        return update.Targets.Distinct().Count() == update._changes.Count
            ? update
            : throw DynamoDbError.Validation("Invalid UpdateExpression: Two document paths overlap with each other");
    }

    public void Apply(JsonObject before, JsonObject after)
    {
        foreach (var (target, value) in _changes)
        {
            if (value(before) is { } changed)
            {
                after[target] = changed.DeepClone();
            }
            else
            {
                after.Remove(target);
            }
        }
    }

    private void ParseSections()
    {
        do
        {
            Action clause = _tokens.Take().ToUpperInvariant() switch
            {
                "SET" => ParseSet,
                "ADD" => ParseAdd,
                "REMOVE" => ParseRemove,
                "DELETE" => throw new NotSupportedException("The scripted endpoint knows no DELETE in update expressions."),
                _ => throw _tokens.SyntaxError(),
            };
            do
            {
                clause();
            }
            while (_tokens.TryTake(","));
        }
        while (!_tokens.AtEnd);
    }

    private void ParseSet()
    {
        var target = Operand.Path(_tokens, _scope);
        _tokens.Expect("=");
        var value = ParseValue();
        if (_tokens.Peek is "+" or "-")
        {
            var sign = _tokens.Take() == "+" ? 1 : -1;
            var (left, right) = (value, ParseValue());
            value = item => AttributeValues.Add(left(item), right(item), sign);
        }

        _changes.Add((target, item => value(item)
            ?? throw DynamoDbError.Validation("The provided expression refers to an attribute that does not exist in the item")));
    }

    private Func<JsonObject, JsonNode?> ParseValue()
    {
        if (_tokens.Peek != "if_not_exists")
        {
            return _tokens.PeekSecond == "("
                ? throw new NotSupportedException($"The scripted endpoint knows no {_tokens.Peek} in update expressions.")
                : Operand.Parse(_tokens, _scope);
        }

        _tokens.Take();
        _tokens.Expect("(");
        var path = Operand.Path(_tokens, _scope);
        _tokens.Expect(",");
        var otherwise = ParseValue();
        _tokens.Expect(")");
        return item => item[path] ?? otherwise(item);
    }

    private void ParseAdd()
    {
        var target = Operand.Path(_tokens, _scope);
        var increment = Operand.Parse(_tokens, _scope);
        _changes.Add((target, item => AttributeValues.Add(item[target] ?? new JsonObject { ["N"] = "0" }, increment(item))));
    }

    private void ParseRemove() => _changes.Add((Operand.Path(_tokens, _scope), _ => null));
}
