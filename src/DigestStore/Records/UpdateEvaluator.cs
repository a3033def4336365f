using System.Diagnostics;
using System.Globalization;
using Amazon.DynamoDBv2.Model;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Records;

internal enum UpdateVerdict
{
    Applied,

    // The condition was false.
    Refused,

    // The update adds a number to an attribute that is not a number.
    Invalid,
}

// Applies an update as DynamoDB does, for a table that cannot evaluate expressions. A decimal holds 28 digits, while a number in DynamoDB has
// up to 38. That is enough, because the library writes only integers of 64 bits.
internal static class UpdateEvaluator
{
    // The record before the update is null if it does not exist, and it is not modified. The record after it is null unless the update was
    // applied.
    public static (UpdateVerdict Verdict, Dictionary<string, AttributeValue>? After) Apply(RecordUpdate update, Dictionary<string, AttributeValue>? before)
    {
        before ??= [];
        if (update.Condition is { } condition && !IsTrue(condition, before))
        {
            return (UpdateVerdict.Refused, null);
        }

        var after = new Dictionary<string, AttributeValue>(before, StringComparer.Ordinal)
        {
            [N.Pk] = ItemMapper.Text(update.Key.PartitionKey),
            [N.Sk] = ItemMapper.Text(update.Key.SortKey),
        };
        foreach (AttributeChange change in update.Changes)
        {
            if (!TryEvaluate(change, before, out AttributeValue? value))
            {
                return (UpdateVerdict.Invalid, null);
            }

            if (value is null)
            {
                after.Remove(change.Name);
            }
            else
            {
                after[change.Name] = value;
            }
        }

        return (UpdateVerdict.Applied, after);
    }

    private static bool IsTrue(RecordCondition condition, Dictionary<string, AttributeValue> record) => condition switch
    {
        RecordCondition.Absent absent => !record.ContainsKey(absent.Name),
        RecordCondition.Equal equal => IsEqual(record, equal.Name, equal.Value),
        RecordCondition.NotEqual notEqual => !IsEqual(record, notEqual.Name, notEqual.Value),
        RecordCondition.Less less => Number(record, less.Name) < less.Value,
        RecordCondition.AtMost atMost => Number(record, atMost.Name) <= atMost.Value,
        RecordCondition.Greater greater => Number(record, greater.Name) > greater.Value,
        RecordCondition.And and => and.Parts.All(part => IsTrue(part, record)),
        RecordCondition.Or or => or.Parts.Any(part => IsTrue(part, record)),
        _ => throw new UnreachableException(),
    };

    private static bool IsEqual(Dictionary<string, AttributeValue> record, string name, Scalar value) =>
        value.Text is null ? Number(record, name) == value.Number : string.Equals(ItemReader.Text(record, name), value.Text, StringComparison.Ordinal);

    // False if the change is not possible. The value is null if the attribute is removed.
    private static bool TryEvaluate(AttributeChange change, Dictionary<string, AttributeValue> before, out AttributeValue? value)
    {
        switch (change)
        {
            case AttributeChange.Set set:
                value = set.Value.ToAttribute();
                return true;
            case AttributeChange.SetBytes set:
                value = ItemMapper.Bytes(set.Bytes);
                return true;
            case AttributeChange.SetValue set:
                value = set.Value;
                return true;
            case AttributeChange.Copy copy:
                value = before.TryGetValue(copy.From, out AttributeValue? existing) ? existing : copy.Default.ToAttribute();
                return true;
            case AttributeChange.Remove:
                value = null;
                return true;
            case AttributeChange.Add add:
                decimal? sum = (before.ContainsKey(add.Name) ? Number(before, add.Name) : add.Start) + add.Number;
                value = sum is null ? null : new AttributeValue { N = sum.Value.ToString(CultureInfo.InvariantCulture) };
                return sum is not null;
            default:
                throw new UnreachableException();
        }
    }

    private static decimal? Number(Dictionary<string, AttributeValue> record, string name) =>
        decimal.TryParse(ItemReader.Digits(record, name), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) ? number : null;
}
