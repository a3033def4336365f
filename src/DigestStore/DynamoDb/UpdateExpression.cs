using System.Diagnostics;
using System.Globalization;
using System.Text;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using DigestStore.Records;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.DynamoDb;

// Renders a record update as an UpdateItem request. Every name is an alias, because many common names are reserved words of DynamoDB.
internal sealed class UpdateExpression
{
    // The usual sizes of the update of the header at the end of a store call.
    private const int TypicalLength = 288;
    private const int TypicalNames = 16;

    private static readonly string[] ValueAliases = [.. Enumerable.Range(0, TypicalNames).Select(ValueAlias)];

    private readonly StringBuilder _text = new(TypicalLength);
    private readonly Dictionary<string, string> _names = new(TypicalNames, StringComparer.Ordinal);
    private readonly Dictionary<string, AttributeValue> _values = new(TypicalNames, StringComparer.Ordinal);

    // The scalars by the numbers of their aliases. Null where the alias stands for another value.
    private readonly List<Scalar?> _scalars = new(TypicalNames);

    private enum Clause
    {
        Set,
        Remove,
        Add,
    }

    public static UpdateItemRequest ToRequest(RecordUpdate update)
    {
        var expression = new UpdateExpression();
        string changes = expression.Render(update.Changes);
        string? condition = update.Condition is null ? null : expression.Render(update.Condition);
        return new UpdateItemRequest
        {
            TableName = update.Table,
            Key = new(2, StringComparer.Ordinal) { [N.Pk] = ItemMapper.Text(update.Key.PartitionKey), [N.Sk] = ItemMapper.Text(update.Key.SortKey) },
            UpdateExpression = changes,
            ConditionExpression = condition,
            ExpressionAttributeNames = expression._names,

            // DynamoDB refuses an empty map.
            ExpressionAttributeValues = expression._values.Count == 0 ? null : expression._values,
            ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
            ReturnValues = update.ReturnsRecord ? ReturnValue.ALL_NEW : null,
            ReturnValuesOnConditionCheckFailure = condition is null ? null : ReturnValuesOnConditionCheckFailure.ALL_OLD,
        };
    }

    private string Render(IReadOnlyList<AttributeChange> changes)
    {
        AppendClause(Clause.Set, "SET ", changes);
        AppendClause(Clause.Remove, "REMOVE ", changes);
        AppendClause(Clause.Add, "ADD ", changes);
        return Take();
    }

    private string Render(RecordCondition condition)
    {
        Append(condition);
        return Take();
    }

    private string Take()
    {
        string text = _text.ToString();
        _text.Clear();
        return text;
    }

    private void AppendClause(Clause clause, string keyword, IReadOnlyList<AttributeChange> changes)
    {
        bool isFirst = true;
        foreach (AttributeChange change in changes)
        {
            if (ClauseOf(change) == clause)
            {
                _text.Append(isFirst && _text.Length > 0 ? " " : "").Append(isFirst ? keyword : ", ");
                Append(change);
                isFirst = false;
            }
        }
    }

    // DynamoDB's ADD always starts at 0, so an addition with another start is rendered as a SET.
    private static Clause ClauseOf(AttributeChange change) => change switch
    {
        AttributeChange.Remove => Clause.Remove,
        AttributeChange.Add { Start: 0 } => Clause.Add,
        _ => Clause.Set,
    };

    private void Append(AttributeChange change)
    {
        string name = Name(change.Name);
        _text.Append(name);
        switch (change)
        {
            case AttributeChange.Set set:
                _text.Append(" = ").Append(Value(set.Value));
                break;
            case AttributeChange.SetBytes set:
                _text.Append(" = ").Append(Value(set.Bytes));
                break;
            case AttributeChange.SetValue set:
                _text.Append(" = ").Append(Value(set.Value));
                break;
            case AttributeChange.Copy copy:
                _text.Append(" = if_not_exists(").Append(Name(copy.From)).Append(", ").Append(Value(copy.Default)).Append(')');
                break;
            case AttributeChange.Add { Start: 0 } add:
                _text.Append(' ').Append(Value(add.Number));
                break;
            case AttributeChange.Add add:
                _text.Append(" = if_not_exists(").Append(name).Append(", ").Append(Value(add.Start)).Append(") + ").Append(Value(add.Number));
                break;
            case AttributeChange.Remove:
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void Append(RecordCondition condition)
    {
        switch (condition)
        {
            case RecordCondition.Absent absent:
                _text.Append("attribute_not_exists(").Append(Name(absent.Name)).Append(')');
                break;
            case RecordCondition.Equal equal:
                Append(equal.Name, " = ", equal.Value);
                break;
            case RecordCondition.NotEqual notEqual:
                Append(notEqual.Name, " <> ", notEqual.Value);
                break;
            case RecordCondition.Less less:
                Append(less.Name, " < ", less.Value);
                break;
            case RecordCondition.AtMost atMost:
                Append(atMost.Name, " <= ", atMost.Value);
                break;
            case RecordCondition.Greater greater:
                Append(greater.Name, " > ", greater.Value);
                break;
            case RecordCondition.And and:
                Append(and.Parts, " AND ");
                break;
            case RecordCondition.Or or:
                Append(or.Parts, " OR ");
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void Append(string name, string comparison, Scalar value) => _text.Append(Name(name)).Append(comparison).Append(Value(value));

    // A single part gets no parentheses, because DynamoDB refuses redundant ones.
    private void Append(IReadOnlyList<RecordCondition> parts, string keyword)
    {
        if (parts.Count == 1)
        {
            Append(parts[0]);
            return;
        }

        for (int index = 0; index < parts.Count; index++)
        {
            _text.Append(index == 0 ? "(" : keyword);
            Append(parts[index]);
        }

        _text.Append(')');
    }

    // DynamoDB allows only letters, digits and underscores in an alias. The name of an attribute that another program has made may have any
    // character. It gets a number as its alias, and no attribute of the library begins with a digit.
    private string Name(string name)
    {
        string alias = IsPlain(name) ? "#" + name : _names.FirstOrDefault(known => string.Equals(known.Value, name, StringComparison.Ordinal)).Key ?? string.Create(CultureInfo.InvariantCulture, $"#{_names.Count}");
        _names.TryAdd(alias, name);
        return alias;
    }

    private static bool IsPlain(string name) => name.All(static character => char.IsAsciiLetterOrDigit(character) || character == '_') && !char.IsAsciiDigit(name[0]);

    // Equal values share one alias, which keeps the request short.
    private string Value(Scalar value)
    {
        int known = _scalars.IndexOf(value);
        if (known >= 0)
        {
            return Alias(known);
        }

        _scalars.Add(value);
        return Add(value.ToAttribute());
    }

    private string Value(ReadOnlyMemory<byte> bytes) => Value(ItemMapper.Bytes(bytes));

    private string Value(AttributeValue value)
    {
        _scalars.Add(null);
        return Add(value);
    }

    private string Add(AttributeValue value)
    {
        string alias = Alias(_values.Count);
        _values.Add(alias, value);
        return alias;
    }

    private static string Alias(int index) => index < ValueAliases.Length ? ValueAliases[index] : ValueAlias(index);

    private static string ValueAlias(int index) => string.Create(CultureInfo.InvariantCulture, $":{index}");
}
