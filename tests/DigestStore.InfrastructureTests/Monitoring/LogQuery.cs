using System.Globalization;

namespace DigestStore.InfrastructureTests.Monitoring;

/// <summary>A query of Logs Insights: the commands that the template uses, and an error for every other.</summary>
internal sealed class LogQuery
{
    private readonly List<(string Name, string Text)> _commands = [];

    private LogQuery(string text)
    {
        IEnumerable<string> code = text.Split('\n').Where(static line => !line.TrimStart().StartsWith('#'));
        foreach (string command in string.Join('\n', code).Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string name = command.Split(null, 2)[0];
            _commands.Add((name, command[name.Length..].Trim()));
        }
    }

    /// <summary>The comments, without their marks.</summary>
    public required string[] Comments { get; init; }

    /// <summary>The commands, as they are compared: without comments, SOURCE and the layout.</summary>
    public string Commands => string.Join(" | ", _commands.Where(static command => command.Name != "SOURCE").Select(static command => $"{command.Name} {command.Text}"));

    /// <summary>Every field that it reads; what it names itself is none.</summary>
    public IReadOnlyCollection<string> Fields => [.. Expressions.SelectMany(static part => part.Expression.Names).Except(Aliases).Where(static name => !char.IsAsciiDigit(name[0]))];

    /// <summary>The ids of events that it asks for.</summary>
    public IReadOnlyCollection<int> EventIds => [.. Expressions.SelectMany(static part => Ids(part.Expression)).Distinct()];

    private IEnumerable<string> Aliases => Expressions.Select(static part => part.Alias).OfType<string>();

    private IEnumerable<(Expression Expression, string? Alias)> Expressions => _commands.SelectMany(static command => command.Name switch
    {
        "filter" => [(ExpressionParser.Parse(command.Text), null)],
        "fields" => ExpressionParser.ParseList(command.Text),
        "sort" => [(ExpressionParser.Parse(SortKey(command.Text)), null)],
        "stats" => Stats(command.Text) is var (sums, keys) ? [.. sums, .. keys] : [],
        "SOURCE" or "limit" => Array.Empty<(Expression, string?)>(),
        _ => throw new FormatException($"The tests do not know the command '{command.Name}' of Logs Insights. Add it to {nameof(LogQuery)}."),
    });

    /// <exception cref="FormatException">It has a command that the tests do not know, or an expression that is none.</exception>
    public static LogQuery Parse(string text)
    {
        var query = new LogQuery(text) { Comments = [.. text.Split('\n').Select(static line => line.Trim()).Where(static line => line.StartsWith('#')).Select(static line => line.TrimStart('#', ' '))] };
        _ = query.Fields;
        return query;
    }

    public LogTable Run(LogArchive archive)
    {
        string[] columns = ["@timestamp", "@message"];
        IEnumerable<IReadOnlyDictionary<string, object>> rows = archive.Events;
        foreach ((string name, string rest) in _commands)
        {
            switch (name)
            {
                case "filter":
                    Expression condition = ExpressionParser.Parse(rest);
                    rows = rows.Where(row => LogExpression.Holds(condition, row));
                    break;
                case "fields":
                    columns = [.. ExpressionParser.ParseList(rest).Select(static part => part.Alias ?? ((Expression.Name)part.Expression).Value)];
                    break;
                case "stats":
                    (IReadOnlyList<(Expression Expression, string? Alias)> sums, IReadOnlyList<(Expression Expression, string? Alias)> keys) = Stats(rest);
                    columns = [.. keys.Concat(sums).Select(static part => part.Alias ?? LogExpression.Title(part.Expression))];
                    rows = LogExpression.Group(rows, sums, keys);
                    break;
                case "sort":
                    string key = SortKey(rest);
                    rows = rest.EndsWith(" desc", StringComparison.Ordinal)
                        ? rows.OrderByDescending(row => row.GetValueOrDefault(key), LogExpression.ByValue)
                        : rows.OrderBy(row => row.GetValueOrDefault(key), LogExpression.ByValue);
                    break;
                case "limit":
                    rows = rows.Take(int.Parse(rest, CultureInfo.InvariantCulture));
                    break;
            }
        }

        return new LogTable(columns, [.. rows.Select(row => columns.Select(column => LogExpression.Text(row.GetValueOrDefault(column))).ToArray())]);
    }

    private static string SortKey(string rest) => rest.Split(' ')[0];

    private static (IReadOnlyList<(Expression Expression, string? Alias)> Sums, IReadOnlyList<(Expression Expression, string? Alias)> Keys) Stats(string rest)
    {
        string[] parts = rest.Split(" by ", 2);
        return (ExpressionParser.ParseList(parts[0]), parts.Length == 2 ? ExpressionParser.ParseList(parts[1]) : []);
    }

    private static IEnumerable<int> Ids(Expression expression) => expression switch
    {
        Expression.Binary { Operator: "in", Left: Expression.Name { Value: "EventId" }, Right: Expression.ListOf list } => list.Members.OfType<Expression.Number>().Select(static number => (int)number.Value),
        Expression.Binary binary => Ids(binary.Left).Concat(Ids(binary.Right)),
        _ => [],
    };
}

/// <summary>What a query finds.</summary>
internal sealed record LogTable(string[] Columns, IReadOnlyList<string[]> Rows)
{
    /// <summary>The values of one column, from the first row to the last.</summary>
    public IEnumerable<string> Column(string name) => Rows.Select(row => row[Array.IndexOf(Columns, name)]);

    /// <summary>As a Markdown table.</summary>
    public override string ToString() => string.Join('\n', [Line(Columns), Line(Columns.Select(static _ => "---")), .. Rows.Select(Line)]);

    private static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells.Select(static cell => cell.Replace('|', '/')))} |";
}
