using System.Globalization;

namespace DigestStore.InfrastructureTests.Monitoring;

/// <summary>Expressions of Logs Insights over the fields of one event, or of many.</summary>
internal static class LogExpression
{
    public static IComparer<object?> ByValue { get; } = Comparer<object?>.Create(static (left, right) => (left, right) switch
    {
        (double a, double b) => a.CompareTo(b),
        _ => string.CompareOrdinal(Text(left), Text(right)),
    });

    public static bool Holds(Expression expression, IReadOnlyDictionary<string, object> row) => expression switch
    {
        Expression.Binary { Operator: "and" } both => Holds(both.Left, row) && Holds(both.Right, row),
        Expression.Binary { Operator: "or" } either => Holds(either.Left, row) || Holds(either.Right, row),
        Expression.Binary { Operator: "in", Right: Expression.ListOf list } among => Value(among.Left, row) is { } value && list.Members.Any(member => Same(value, Value(member, row))),
        Expression.Binary comparison => (Value(comparison.Left, row), Value(comparison.Right, row)) is (not null and var left, not null and var right) && Compare(comparison.Operator, left, right),
        _ => throw new FormatException($"The tests cannot filter by {expression}. Add it to {nameof(LogExpression)}."),
    };

    /// <summary>One row for each combination of keys: sums and counts of the others.</summary>
    public static IEnumerable<IReadOnlyDictionary<string, object>> Group(
        IEnumerable<IReadOnlyDictionary<string, object>> rows, IReadOnlyList<(Expression Expression, string? Alias)> sums, IReadOnlyList<(Expression Expression, string? Alias)> keys)
    {
        foreach (var group in rows.GroupBy(row => string.Join('\n', keys.Select(key => Text(Key(key.Expression, row))))))
        {
            var result = new Dictionary<string, object>(StringComparer.Ordinal);
            foreach ((Expression expression, string? alias) in keys)
            {
                result[alias ?? Title(expression)] = Key(expression, group.First());
            }

            foreach ((Expression expression, string? alias) in sums)
            {
                result[alias ?? Title(expression)] = Aggregate(expression, group);
            }

            yield return result;
        }
    }

    public static string Title(Expression expression) => expression switch
    {
        Expression.Name name => name.Value,
        Expression.Call call => $"{call.Function}({string.Join(", ", call.Arguments.Select(Title))})",
        _ => throw new FormatException($"The tests have no title for {expression}. Give it a name with 'as'."),
    };

    public static string Text(object? value) => value is double number ? number.ToString("0.###", CultureInfo.InvariantCulture) : value as string ?? "";

    private static object Key(Expression expression, IReadOnlyDictionary<string, object> row) => expression switch
    {
        Expression.Call { Function: "bin", Arguments: [Expression.Name { Value: "1h" }] } => $"{row["@timestamp"]}"[..13] + ":00",
        Expression.Name name => row.GetValueOrDefault(name.Value) ?? "",
        _ => throw new FormatException($"The tests cannot group by {expression}. Add it to {nameof(LogExpression)}."),
    };

    private static double Aggregate(Expression expression, IEnumerable<IReadOnlyDictionary<string, object>> rows) => expression switch
    {
        Expression.Call { Function: "sum", Arguments: [var of] } => rows.Sum(row => Value(of, row) is double number ? number : 0),
        _ => throw new FormatException($"The tests do not know the statistic {expression}. Add it to {nameof(LogExpression)}."),
    };

    private static object? Value(Expression expression, IReadOnlyDictionary<string, object> row) => expression switch
    {
        Expression.Name name => row.GetValueOrDefault(name.Value),
        Expression.Number number => number.Value,
        Expression.Text text => text.Value,
        _ => throw new FormatException($"The tests cannot evaluate {expression}. Add it to {nameof(LogExpression)}."),
    };

    private static bool Same(object left, object? right) => right is not null && Compare("=", left, right);

    private static bool Compare(string sign, object left, object right)
    {
        int order = ByValue.Compare(left, right);
        return sign switch
        {
            "=" => order == 0,
            "!=" => order != 0,
            ">" => order > 0,
            ">=" => order >= 0,
            "<" => order < 0,
            "<=" => order <= 0,
            _ => throw new FormatException($"The tests do not know the operator '{sign}' of Logs Insights. Add it to {nameof(LogExpression)}."),
        };
    }
}
