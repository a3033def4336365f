using System.Text.Json.Nodes;

namespace DigestStore.TestSupport;

/// <summary>A top-level attribute, a <c>:value</c> or <c>size(attribute)</c>; nested paths are beyond this endpoint.</summary>
internal static class Operand
{
    public static Func<JsonObject, JsonNode?> Parse(TokenReader tokens, ExpressionScope scope)
    {
        if (tokens.Peek.StartsWith(':'))
        {
            var value = scope.Value(tokens.Take());
            return _ => value;
        }

        if (tokens.Peek == "size" && tokens.PeekSecond == "(")
        {
            tokens.Take();
            tokens.Expect("(");
            var measured = Path(tokens, scope);
            tokens.Expect(")");
            return item => item[measured] is { } attribute ? new JsonObject { ["N"] = AttributeValues.Length(attribute).ToString(System.Globalization.CultureInfo.InvariantCulture) } : null;
        }

        var name = Path(tokens, scope);
        return item => item[name];
    }

    public static string Path(TokenReader tokens, ExpressionScope scope)
    {
        if (!Token.IsName(tokens.Peek))
        {
            throw tokens.SyntaxError();
        }

        var name = scope.Name(tokens.Take());
        return tokens.Peek is "." or "["
            ? throw new NotSupportedException("The scripted endpoint knows top-level attributes only, no nested paths.")
            : name;
    }
}
