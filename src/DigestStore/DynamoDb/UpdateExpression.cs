using System.Diagnostics;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using DigestStore.Records;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.DynamoDb;

// A record update → an UpdateItem. Every name is an alias, since nearly every natural one is a reserved word.
internal sealed class UpdateExpression
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AttributeValue> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<Scalar, string> _aliases = [];
    private readonly List<string> _sets = [];
    private readonly List<string> _adds = [];
    private readonly List<string> _removes = [];

    private UpdateExpression(RecordUpdate update)
    {
        foreach (AttributeChange change in update.Changes)
        {
            Render(change);
        }
    }

    public static UpdateItemRequest ToRequest(RecordUpdate update)
    {
        var expression = new UpdateExpression(update);
        string? condition = update.Condition is null ? null : expression.Render(update.Condition);
        return new UpdateItemRequest
        {
            TableName = update.Table,
            Key = new(StringComparer.Ordinal) { [N.Pk] = ItemMapper.Text(update.Key.PartitionKey), [N.Sk] = ItemMapper.Text(update.Key.SortKey) },
            UpdateExpression = string.Join(' ', expression.Clauses()),
            ConditionExpression = condition,
            ExpressionAttributeNames = expression._names,

            // Empty, it would be refused.
            ExpressionAttributeValues = expression._values.Count == 0 ? null : expression._values,
            ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
            ReturnValuesOnConditionCheckFailure = condition is null ? null : ReturnValuesOnConditionCheckFailure.ALL_OLD,
        };
    }

    private IEnumerable<string> Clauses()
    {
        foreach ((string keyword, List<string> parts) in ((string, List<string>)[])[("SET", _sets), ("REMOVE", _removes), ("ADD", _adds)])
        {
            if (parts.Count > 0)
            {
                yield return $"{keyword} {string.Join(", ", parts)}";
            }
        }
    }

    private void Render(AttributeChange change)
    {
        string name = Name(change.Name);
        switch (change)
        {
            case AttributeChange.Set set:
                _sets.Add($"{name} = {Value(set.Value)}");
                break;
            case AttributeChange.Copy copy:
                _sets.Add($"{name} = if_not_exists({Name(copy.From)}, {Value(copy.Default)})");
                break;
            case AttributeChange.Add { Start: 0 } add:
                _adds.Add($"{name} {Value(add.Number)}");
                break;
            case AttributeChange.Add add:
                _sets.Add($"{name} = if_not_exists({name}, {Value(add.Start)}) + {Value(add.Number)}");
                break;
            case AttributeChange.Remove:
                _removes.Add(name);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private string Render(RecordCondition condition) => condition switch
    {
        RecordCondition.Absent absent => $"attribute_not_exists({Name(absent.Name)})",
        RecordCondition.Equal equal => $"{Name(equal.Name)} = {Value(equal.Value)}",
        RecordCondition.NotEqual notEqual => $"{Name(notEqual.Name)} <> {Value(notEqual.Value)}",
        RecordCondition.Less less => $"{Name(less.Name)} < {Value(less.Value)}",
        RecordCondition.AtMost atMost => $"{Name(atMost.Name)} <= {Value(atMost.Value)}",
        RecordCondition.Greater greater => $"{Name(greater.Name)} > {Value(greater.Value)}",
        RecordCondition.And and => Join(" AND ", and.Parts),
        RecordCondition.Or or => Join(" OR ", or.Parts),
        _ => throw new UnreachableException(),
    };

    // In parentheses, which DynamoDB refuses when they are doubled.
    private string Join(string keyword, IReadOnlyList<RecordCondition> parts) =>
        parts.Count == 1 ? Render(parts[0]) : $"({string.Join(keyword, parts.Select(Render))})";

    private string Name(string name)
    {
        string alias = "#" + name;
        _names[alias] = name;
        return alias;
    }

    // One value, one alias, however often it is used.
    private string Value(Scalar value)
    {
        if (!_aliases.TryGetValue(value, out string? alias))
        {
            alias = FormattableString.Invariant($":{_aliases.Count}");
            _aliases.Add(value, alias);
            _values.Add(alias, value.ToAttribute());
        }

        return alias;
    }
}
