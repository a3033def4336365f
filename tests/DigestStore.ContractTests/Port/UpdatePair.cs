using System.Globalization;
using System.Text;
using Amazon.DynamoDBv2.Model;
using DigestStore.Records;

namespace DigestStore.ContractTests.Port;

// One record, or none, and an update of it, drawn at random. Few names and values, so that they often meet.
internal sealed class UpdatePair
{
    private static readonly string[] Names = ["alpha", "beta", "gamma", "status", "v"];
    private static readonly byte[][] Blobs = [[0], [1, 2, 255]];
    private static readonly string[] Texts = ["pending", "delivered", "1", "Ünï ☃ 😀"];
    private readonly Random _random;

    public UpdatePair(string table, int seed, int number)
    {
        _random = new Random(HashCode(seed, number));
        Key = new RecordKey(string.Create(CultureInfo.InvariantCulture, $"PAIR#{number}"), "RECORD");
        Before = _random.Next(6) == 0 ? null : DrawRecord();
        Update = new RecordUpdate(table, Key) { Changes = DrawChanges(), Condition = _random.Next(8) == 0 ? null : DrawCondition(depth: 2), ReturnsRecord = _random.Next(2) == 0 };
    }

    public RecordKey Key { get; }

    public Dictionary<string, AttributeValue>? Before { get; }

    public RecordUpdate Update { get; }

    // dynalite hands the sum on to an attribute that copies what was there before.
    public bool CopiesWhatIsAddedTo => Update.Changes.OfType<AttributeChange.Copy>().Any(copy =>
        Update.Changes.OfType<AttributeChange.Add>().Any(add => string.Equals(add.Name, copy.From, StringComparison.Ordinal)));

    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"before: {Show(Before)}");
        text.AppendLine(CultureInfo.InvariantCulture, $"changes: {string.Join("; ", Update.Changes)}");
        return text.Append(CultureInfo.InvariantCulture, $"condition: {Show(Update.Condition)}").ToString();
    }

    // In one order and in one spelling, so that equal records are equal texts.
    public static string Show(Dictionary<string, AttributeValue>? record) => record is null
        ? "none"
        : "{" + string.Join(", ", record.OrderBy(static attribute => attribute.Key, StringComparer.Ordinal).Select(static attribute => $"{attribute.Key}: {Show(attribute.Value)}")) + "}";

    // What the code above the port can read of a record.
    public static string Show(StoredRecord? record) => record is null
        ? "none"
        : $"{record.Key} " + string.Join(", ", Names.Append("new").Select(name =>
            $"{name}: {record.Text(name)} {record.Number(name)} {(record.Bytes(name) is { } bytes ? Convert.ToHexString(bytes.Span) : "")}"));

    private static string Show(AttributeValue value) => value switch
    {
        { S: { } text } => $"\"{text}\"",
        { N: { } digits } => decimal.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture).ToString("0.####", CultureInfo.InvariantCulture),
        { B: { } bytes } => Convert.ToHexString(bytes.ToArray()),
        { BOOL: { } isTrue } => isTrue ? "true" : "false",
        { NULL: true } => "null",
        { SS.Count: > 0 } => $"<{string.Join(", ", value.SS.Order(StringComparer.Ordinal))}>",
        { IsLSet: true } => $"[{string.Join(", ", value.L.Select(Show))}]",
        { IsMSet: true } => Show(value.M),
        _ => "?",
    };

    private static string Show(RecordCondition? condition) => condition switch
    {
        RecordCondition.And and => $"And({string.Join(", ", and.Parts.Select(Show))})",
        RecordCondition.Or or => $"Or({string.Join(", ", or.Parts.Select(Show))})",
        null => "none",
        _ => condition.ToString(),
    };

    // The same on every run; System.HashCode is not.
    private static int HashCode(int seed, int number) => unchecked((seed * 486_187_739) + (number * 16_777_619));

    private Dictionary<string, AttributeValue> DrawRecord()
    {
        var record = new Dictionary<string, AttributeValue>(StringComparer.Ordinal)
        {
            ["pk"] = ItemMapper.Text(Key.PartitionKey),
            ["sk"] = ItemMapper.Text(Key.SortKey),
        };
        foreach (string name in Names)
        {
            if (_random.Next(3) > 0)
            {
                record[name] = DrawAttribute();
            }
        }

        return record;
    }

    private AttributeValue DrawAttribute() => _random.Next(12) switch
    {
        < 4 => ItemMapper.Text(Draw(Texts)),
        < 8 => ItemMapper.Number(DrawNumber()),
        8 => new AttributeValue { N = "1.5" },
        9 => _random.Next(2) == 0 ? ItemMapper.Bytes(Blobs[0]) : new AttributeValue { BOOL = _random.Next(2) == 0 },
        10 => new AttributeValue { L = [ItemMapper.Text("pending"), ItemMapper.Number(1)] },
        _ => _random.Next(2) == 0 ? new AttributeValue { M = new() { ["alpha"] = ItemMapper.Number(1) } } : new AttributeValue { SS = ["pending", "delivered"] },
    };

    private List<AttributeChange> DrawChanges()
    {
        string[] names = [.. Names, "new", "not a.word"];
        _random.Shuffle(names);
        return [.. names.Take(_random.Next(1, 5)).Select(DrawChange)];
    }

    private AttributeChange DrawChange(string name) => _random.Next(9) switch
    {
        0 or 1 => new AttributeChange.Set(name, DrawScalar()),
        2 => AttributeChange.SetIfAbsent(name, DrawScalar()),
        3 => new AttributeChange.Add(name, DrawNumber()),
        4 => new AttributeChange.Add(name, DrawNumber(), DrawNumber()),
        5 => new AttributeChange.Copy(name, Draw(Names), DrawScalar()),
        6 => new AttributeChange.SetBytes(name, Blobs[_random.Next(Blobs.Length)]),
        7 => new AttributeChange.SetValue(name, DrawAttribute()),
        _ => new AttributeChange.Remove(name),
    };

    private RecordCondition DrawCondition(int depth) => _random.Next(depth == 0 ? 6 : 10) switch
    {
        0 => new RecordCondition.Absent(Draw(Names)),
        1 => new RecordCondition.Equal(Draw(Names), DrawScalar()),
        2 => new RecordCondition.NotEqual(Draw(Names), DrawScalar()),
        3 => new RecordCondition.Less(Draw(Names), DrawNumber()),
        4 => new RecordCondition.AtMost(Draw(Names), DrawNumber()),
        5 => new RecordCondition.Greater(Draw(Names), DrawNumber()),
        < 8 => new RecordCondition.And([.. DrawParts(depth - 1)]),
        _ => new RecordCondition.Or([.. DrawParts(depth - 1)]),
    };

    private IEnumerable<RecordCondition> DrawParts(int depth)
    {
        for (int left = _random.Next(1, 4); left > 0; left--)
        {
            yield return DrawCondition(depth);
        }
    }

    private Scalar DrawScalar() => _random.Next(2) == 0 ? Draw(Texts) : DrawNumber();

    private long DrawNumber() => _random.Next(10) switch
    {
        0 => 1_826_775_001_000,
        1 => long.MaxValue,
        _ => _random.Next(-1, 4),
    };

    private string Draw(string[] from) => from[_random.Next(from.Length)];
}
