using System.Text.RegularExpressions;

namespace DigestStore.TestSupport;

/// <summary>Splits an expression into names, <c>#aliases</c>, <c>:values</c> and operators.</summary>
internal static partial class Token
{
    public static string[] Split(string expression)
    {
        var tokens = Pattern.Matches(expression);
        var read = tokens.Sum(token => token.Length);
        return read == expression.Count(character => !char.IsWhiteSpace(character))
            ? [.. tokens.Select(token => token.Value)]
            : throw DynamoDbError.Validation("Invalid expression: Syntax error; expression: " + expression);
    }

    public static bool IsName(string token) => token.Length > 0 && (char.IsAsciiLetter(token[0]) || token[0] is '#' or '_');

    [GeneratedRegex(@"[#:]?[A-Za-z0-9_]+|<>|<=|>=|[=<>(),+\-.\[\]]", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern { get; }
}
