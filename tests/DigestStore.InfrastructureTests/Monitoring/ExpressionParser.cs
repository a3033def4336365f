using System.Globalization;
using System.Text.RegularExpressions;

namespace DigestStore.InfrastructureTests.Monitoring;

/// <summary>Text → <see cref="Expression"/>, by precedence: or, and, comparison, sum, product.</summary>
internal sealed partial class ExpressionParser
{
    private static readonly string[][] Levels =
    [
        ["or"],
        ["and"],
        ["=", "==", "!=", "<", "<=", ">", ">=", "in"],
        ["+", "-"],
        ["*", "/"],
    ];

    private readonly string _text;
    private readonly List<string> _tokens;
    private int _place;

    private ExpressionParser(string text)
    {
        _text = text;
        _tokens = Tokens(text);
    }

    /// <summary>Parses one expression.</summary>
    /// <exception cref="FormatException">It is none; the message names what was expected and the whole text.</exception>
    public static Expression Parse(string text)
    {
        var parser = new ExpressionParser(text);
        Expression expression = parser.Level(0);
        return parser._place == parser._tokens.Count ? expression : throw parser.Unexpected("the end");
    }

    /// <summary>Parses expressions with commas between them, each with the name that <c>as</c> gives it.</summary>
    public static IReadOnlyList<(Expression Expression, string? Alias)> ParseList(string text)
    {
        var parser = new ExpressionParser(text);
        List<(Expression, string?)> list = [];
        do
        {
            Expression expression = parser.Level(0);
            list.Add((expression, parser.Takes("as") ? parser.Next() : null));
        }
        while (parser.Takes(","));
        return parser._place == parser._tokens.Count ? list : throw parser.Unexpected("a comma or the end");
    }

    private static List<string> Tokens(string text)
    {
        List<string> tokens = [];
        int at = 0;
        while (at < text.Length)
        {
            Match match = Token().Match(text, at);
            if (!match.Success)
            {
                throw new FormatException($"'{text[at]}' at {at} belongs to no expression: {text}");
            }

            if (!string.IsNullOrWhiteSpace(match.Value))
            {
                tokens.Add(match.Value);
            }

            at += match.Length;
        }

        return tokens;
    }

    private Expression Level(int level)
    {
        if (level == Levels.Length)
        {
            return Primary();
        }

        Expression left = Level(level + 1);
        while (Peek() is { } token && Levels[level].Contains(token))
        {
            _place++;
            left = new Expression.Binary(token, left, Level(level + 1));
        }

        return left;
    }

    private Expression Primary()
    {
        string token = Next();
        if (token == "(")
        {
            Expression inner = Level(0);
            Expect(")");
            return inner;
        }

        if (token == "-")
        {
            return new Expression.Binary("-", new Expression.Number(0), Primary());
        }

        if (token == "[")
        {
            return new Expression.ListOf(Members("]"));
        }

        if (token[0] is '\'' or '"')
        {
            return new Expression.Text(token[1..^1]);
        }

        if (double.TryParse(token, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
        {
            return new Expression.Number(number);
        }

        if (!char.IsLetterOrDigit(token[0]) && token[0] is not ('@' or '_'))
        {
            _place--;
            throw Unexpected("a value");
        }

        return Takes("(") ? new Expression.Call(token, Members(")")) : new Expression.Name(token);
    }

    private List<Expression> Members(string end)
    {
        List<Expression> members = [];
        while (!Takes(end))
        {
            if (members.Count > 0)
            {
                Expect(",");
            }

            members.Add(Level(0));
        }

        return members;
    }

    private string? Peek() => _place < _tokens.Count ? _tokens[_place] : null;

    private string Next() => Peek() is null ? throw Unexpected("a value") : _tokens[_place++];

    private bool Takes(string token)
    {
        if (Peek() != token)
        {
            return false;
        }

        _place++;
        return true;
    }

    private void Expect(string token)
    {
        if (!Takes(token))
        {
            throw Unexpected($"'{token}'");
        }
    }

    private FormatException Unexpected(string expected) => new($"Expected {expected} instead of {(Peek() is { } token ? $"'{token}'" : "the end")} in: {_text}");

    [GeneratedRegex("""\G(?:\s+|[0-9]+(?:\.[0-9]+)?[a-z]*|[A-Za-z_@][\w.@]*|'[^']*'|"[^"]*"|[<>!=]=|[-+*/<>=()\[\],])""", RegexOptions.CultureInvariant)]
    private static partial Regex Token();
}
