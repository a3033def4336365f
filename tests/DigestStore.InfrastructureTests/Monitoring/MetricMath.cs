namespace DigestStore.InfrastructureTests.Monitoring;

/// <summary>Evaluates metric math over an archive: the functions that the template uses, and an error for every other.</summary>
/// <remarks>
/// As in CloudWatch, a period in which one side of an operation has no data has no result, and neither has one whose result is no finite number.
/// </remarks>
internal sealed class MetricMath(MetricArchive archive, Window window, IReadOnlyList<MetricQuery> queries)
{
    private static readonly Dictionary<string, int> Arguments = new(StringComparer.Ordinal) { ["IF"] = 3, ["FILL"] = 2, ["SEARCH"] = 3, ["MAX"] = 1, ["FLOOR"] = 1, ["EPOCH"] = 1 };

    /// <summary>The lines of one entry: several for a SEARCH, else one.</summary>
    /// <exception cref="FormatException">An expression is none, names an unknown id or calls an unknown function.</exception>
    public IReadOnlyList<MetricLine> LinesOf(MetricQuery query)
    {
        if (query.Metric is { } metric)
        {
            return [new MetricLine(metric, archive.Series(metric, query.Statistic, window))];
        }

        return Monitoring.ExpressionParser.Parse(query.Expression!) is Expression.Call { Function: "SEARCH" } search
            ? [.. MetricSearch.Of(search).Matches(archive.Identities).Select(found => new MetricLine(found, archive.Series(found, MetricSearch.Of(search).Statistic, window)))]
            : [new MetricLine(null, SeriesOf(query))];
    }

    /// <summary>What is wrong with the ids, functions and operators of some entries; empty for nothing.</summary>
    public static IEnumerable<string> Problems(IReadOnlyList<MetricQuery> queries)
    {
        foreach (IGrouping<string, MetricQuery> twin in queries.GroupBy(static query => query.Id).Where(static group => group.Count() > 1))
        {
            yield return $"the id '{twin.Key}' is there {twin.Count()} times";
        }

        foreach (MetricQuery query in queries)
        {
            if (!char.IsAsciiLetterLower(query.Id[0]) || !query.Id.All(static character => char.IsAsciiLetterOrDigit(character) || character == '_'))
            {
                yield return $"the id '{query.Id}' must begin with a lower-case letter and have only letters, digits and underscores";
            }

            if (query.Expression is { } text && Problem(text, queries) is { } problem)
            {
                yield return problem;
            }
        }
    }

    private static string? Problem(string text, IReadOnlyList<MetricQuery> queries)
    {
        Expression expression;
        try
        {
            expression = ExpressionParser.Parse(text);
        }
        catch (FormatException exception)
        {
            return exception.Message;
        }

        string[] ids = [.. queries.Select(static query => query.Id)];
        return expression.Names.Except(ids).FirstOrDefault() is { } stranger ? $"'{stranger}' in '{text}' is no id; there are {string.Join(", ", ids)}"
            : expression.Functions.Except(Arguments.Keys).FirstOrDefault() is { } function ? $"the tests do not know the function '{function}' in '{text}'; they know {string.Join(", ", Arguments.Keys)}"
            : null;
    }

    private SortedDictionary<DateTimeOffset, double> SeriesOf(MetricQuery query)
    {
        if (query.Metric is { } metric)
        {
            return archive.Series(metric, query.Statistic, window);
        }

        if (Problem(query.Expression!, queries) is { } problem)
        {
            throw new FormatException(problem);
        }

        Expression expression = ExpressionParser.Parse(query.Expression!);
        Dictionary<string, SortedDictionary<DateTimeOffset, double>> inputs = expression.Names.Distinct().ToDictionary(static id => id, id => SeriesOf(queries.Single(other => other.Id == id)));
        var series = new SortedDictionary<DateTimeOffset, double>();
        foreach (DateTimeOffset period in window.Periods)
        {
            if (At(expression, period, inputs) is { } value && double.IsFinite(value))
            {
                series.Add(period, value);
            }
        }

        return series;
    }

    private double? At(Expression expression, DateTimeOffset period, Dictionary<string, SortedDictionary<DateTimeOffset, double>> inputs) => expression switch
    {
        Expression.Number number => number.Value,
        Expression.Name name => inputs[name.Value].TryGetValue(period, out double value) ? value : null,
        Expression.Binary binary => Operate(binary.Operator, At(binary.Left, period, inputs), At(binary.Right, period, inputs)),
        Expression.Call { Function: "FILL", Arguments: [var filled, var filler] } => At(filled, period, inputs) ?? At(filler, period, inputs),
        Expression.Call { Function: "IF", Arguments: [var condition, var yes, var no] } => At(condition, period, inputs) switch
        {
            null => null,
            0 => At(no, period, inputs),
            _ => At(yes, period, inputs),
        },
        Expression.Call { Function: "FLOOR", Arguments: [var broken] } => At(broken, period, inputs) is { } value ? Math.Floor(value) : null,

        // The time at which a period begins, of the periods that have a value.
        Expression.Call { Function: "EPOCH", Arguments: [var dated] } => At(dated, period, inputs) is null ? null : period.ToUnixTimeSeconds(),

        // The greatest value of the whole line, the same in every period.
        Expression.Call { Function: "MAX", Arguments: [var line] } => window.Periods.Max(other => At(line, other, inputs)),
        _ => throw new FormatException($"The tests cannot evaluate {expression}. Add it to {nameof(MetricMath)}."),
    };

    private static double? Operate(string sign, double? left, double? right) => left is null || right is null ? null : sign switch
    {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        "/" => left / right,
        ">" => left > right ? 1 : 0,
        ">=" => left >= right ? 1 : 0,
        "<" => left < right ? 1 : 0,
        "<=" => left <= right ? 1 : 0,
        "==" => left == right ? 1 : 0,
        "!=" => left != right ? 1 : 0,
        _ => throw new FormatException($"The tests do not know the operator '{sign}' of metric math. Add it to {nameof(MetricMath)}."),
    };
}

/// <summary>A line of a graph; the metric is known unless it was calculated.</summary>
internal sealed record MetricLine(MetricIdentity? Metric, SortedDictionary<DateTimeOffset, double> Points);
