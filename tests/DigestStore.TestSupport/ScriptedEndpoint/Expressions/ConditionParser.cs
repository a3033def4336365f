using System.Text.Json.Nodes;

namespace DigestStore.TestSupport;

/// <summary>Recursive descent over DynamoDB's condition grammar: OR binds weakest, then AND, then NOT.</summary>
internal sealed class ConditionParser(string expression, ExpressionScope scope)
{
    private readonly TokenReader _tokens = new(expression);
    private readonly Dictionary<string, JsonNode> _equalities = [];
    private bool _leavesChoice;

    public Condition Parse()
    {
        var condition = Or();
        return _tokens.AtEnd
            ? new Condition(condition, _leavesChoice ? new Dictionary<string, JsonNode>() : _equalities)
            : throw _tokens.SyntaxError();
    }

    private Func<JsonObject, bool> Or()
    {
        var left = And();
        while (_tokens.TryTake("OR"))
        {
            _leavesChoice = true;
            var (first, second) = (left, And());
            left = item => first(item) || second(item);
        }

        return left;
    }

    private Func<JsonObject, bool> And()
    {
        var left = Not();
        while (_tokens.TryTake("AND"))
        {
            var (first, second) = (left, Not());
            left = item => first(item) && second(item);
        }

        return left;
    }

    private Func<JsonObject, bool> Not()
    {
        if (!_tokens.TryTake("NOT"))
        {
            return Primary();
        }

        _leavesChoice = true;
        var inner = Not();
        return item => !inner(item);
    }

    private Func<JsonObject, bool> Primary()
    {
        if (_tokens.TryTake("("))
        {
            var inner = Or();
            _tokens.Expect(")");
            return inner;
        }

        return _tokens.PeekSecond == "(" && _tokens.Peek != "size" ? Function() : Comparison();
    }

    private Func<JsonObject, bool> Function()
    {
        var function = _tokens.Take();
        _tokens.Expect("(");
        var path = Operand.Path(_tokens, scope);
        Func<JsonObject, JsonNode?>? argument = _tokens.TryTake(",") ? Operand.Parse(_tokens, scope) : null;
        _tokens.Expect(")");
        return (function, argument) switch
        {
            ("attribute_exists", null) => item => item[path] is not null,
            ("attribute_not_exists", null) => item => item[path] is null,
            ("begins_with", not null) => item => AttributeValues.BeginsWith(item[path], argument(item)),
            ("contains", not null) => item => AttributeValues.Contains(item[path], argument(item)),
            ("attribute_type", not null) => item => item[path] is { } value && AttributeValues.TypeOf(value) == argument(item)?["S"]?.GetValue<string>(),
            _ => throw DynamoDbError.Validation($"Invalid expression: Invalid function name or arguments; function: {function}"),
        };
    }

    private Func<JsonObject, bool> Comparison()
    {
        var leftToken = _tokens.Peek;
        var left = Operand.Parse(_tokens, scope);
        var comparator = _tokens.Take().ToUpperInvariant();
        if (comparator == "IN")
        {
            return In(left);
        }

        var rightToken = _tokens.Peek;
        var right = Operand.Parse(_tokens, scope);
        if (comparator == "=" && Token.IsName(leftToken) && rightToken.StartsWith(':'))
        {
            _equalities[scope.Name(leftToken)] = scope.Value(rightToken);
        }

        return comparator switch
        {
            "=" => item => AttributeValues.AreEqual(left(item), right(item)),
            "<>" => item => !AttributeValues.AreEqual(left(item), right(item)),
            "<" => item => AttributeValues.Compare(left(item), right(item)) < 0,
            "<=" => item => AttributeValues.Compare(left(item), right(item)) <= 0,
            ">" => item => AttributeValues.Compare(left(item), right(item)) > 0,
            ">=" => item => AttributeValues.Compare(left(item), right(item)) >= 0,
            "BETWEEN" => Between(left, right),
            _ => throw _tokens.SyntaxError(),
        };
    }

    private Func<JsonObject, bool> Between(Func<JsonObject, JsonNode?> value, Func<JsonObject, JsonNode?> low)
    {
        _tokens.Expect("AND");
        var high = Operand.Parse(_tokens, scope);
        return item => AttributeValues.Compare(value(item), low(item)) >= 0 && AttributeValues.Compare(value(item), high(item)) <= 0;
    }

    private Func<JsonObject, bool> In(Func<JsonObject, JsonNode?> value)
    {
        _tokens.Expect("(");
        var choices = new List<Func<JsonObject, JsonNode?>> { Operand.Parse(_tokens, scope) };
        while (_tokens.TryTake(","))
        {
            choices.Add(Operand.Parse(_tokens, scope));
        }

        _tokens.Expect(")");
        return item => choices.Exists(choice => AttributeValues.AreEqual(value(item), choice(item)));
    }
}
