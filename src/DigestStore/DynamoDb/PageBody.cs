using System.Text.Json;
using System.Text.Unicode;
using Amazon.DynamoDBv2.Model;
using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.DynamoDb;

// Reads the body of a Query's response into a PageReply, in one pass. Nearly all records are read by PlainRecord, and all others here. With the
// SDK there are three passes: the check by AnswerShape, the attribute values, which cost most of the time of a read, and the records. The same
// bodies are valid as for AnswerShape, except that no member of the response and no attribute of a record may come twice.
internal ref struct PageBody
{
    private readonly PageBuilder _page;

    // What _reader reads: the body, or the rest of it after plain records.
    private ReadOnlySpan<byte> _rest;
    private Utf8JsonReader _reader;
    private int _recordCount;
    private int? _count;
    private Members _membersRead;
    private bool _isLast = true;
    private string? _next;
    private double? _units;

    private PageBody(ReadOnlySpan<byte> body, PageBuilder page)
    {
        _page = page;
        _rest = body;
        _reader = AnswerShape.CreateReader(body);
    }

    // Null if the body is not a response to a Query.
    public static PageReply? Read(ReadOnlySpan<byte> body, PageRequest request, string? requestId)
    {
        if (!Utf8.IsValid(body))
        {
            return null;
        }

        var page = new PageBody(body, new PageBuilder(request));
        try
        {
            return page.ReadMembers() ? page._page.ToReply(page._recordCount, page._count, page._isLast, page._next, ReplyReader.Units(page._units), requestId) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    // Adds a record that is stored as JSON. False if the JSON is no record.
    public static bool TryAddRecord(ReadOnlySpan<byte> json, PageBuilder page)
    {
        if (!Utf8.IsValid(json))
        {
            return false;
        }

        var record = new PageBody(json, page);
        try
        {
            if (PlainRecord.TryRead(json, page, out ItemRecord? item, out int length) && length == json.Length)
            {
                page.Add(item);
                return true;
            }

            return record.ReadToken() && record.ReadRecord() && !record._reader.Read();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private bool ReadMembers()
    {
        if (!ReadToken() || _reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (ReadToken() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            Shape shape = _reader.ValueIsEscaped ? Shape.Forbidden : AnswerMembers.ShapeOf(Shape.PageAnswer, _reader.ValueSpan);
            bool isCount = _reader.ValueTextEquals("Count"u8);
            Utf8JsonReader member = _reader;
            if (!TryMarkRead(shape, isCount) || !ReadToken() || !(shape == Shape.AttributeMapList ? ReadItems() : AnswerShape.ReadMember(ref _reader, Shape.PageAnswer, shape)))
            {
                return false;
            }

            member.Read();
            switch (shape)
            {
                case Shape.Integer when isCount && member.TokenType == JsonTokenType.Number:
                    _count = member.GetInt32();
                    break;
                case Shape.AttributeMap when member.TokenType == JsonTokenType.StartObject:
                    Dictionary<string, AttributeValue> last = AttributeJson.ReadMap(ref member);
                    (_isLast, _next) = (last.Count == 0, ItemReader.Text(last, AttributeNames.Sk));
                    break;
                case Shape.Capacity when member.TokenType == JsonTokenType.StartObject:
                    _units = CapacityUnits(ref member);
                    break;
            }
        }

        return _reader.TokenType == JsonTokenType.EndObject && !_reader.Read();
    }

    // False if the member came before.
    private bool TryMarkRead(Shape shape, bool isCount)
    {
        Members member = shape switch
        {
            Shape.AttributeMapList => Members.Items,
            Shape.AttributeMap => Members.LastKey,
            Shape.Capacity => Members.Capacity,
            Shape.Integer when isCount => Members.Count,
            _ => Members.None,
        };
        bool isFirst = (_membersRead & member) == Members.None;
        _membersRead |= member;
        return isFirst;
    }

    private bool ReadItems()
    {
        if (_reader.TokenType != JsonTokenType.StartArray)
        {
            return _reader.TokenType == JsonTokenType.Null;
        }

        while (ReadToken() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (!ReadRecord())
            {
                return false;
            }

            _recordCount++;
            ReadPlainRecords();
        }

        return _reader.TokenType == JsonTokenType.EndArray;
    }

    // Continues after a record. The state of the reader is the same after each record of a list, so it can go on after any of them.
    private void ReadPlainRecords()
    {
        int before = (int)_reader.BytesConsumed;
        int after = before;
        while (after < _rest.Length && _rest[after] == ',' && PlainRecord.TryRead(_rest[(after + 1)..], _page, out ItemRecord? item, out int length))
        {
            after += 1 + length;
            _page.Add(item);
            _recordCount++;
        }

        if (after > before)
        {
            _rest = _rest[after..];
            _reader = new Utf8JsonReader(_rest, isFinalBlock: true, _reader.CurrentState);
        }
    }

    private bool ReadRecord()
    {
        // The kind of the record is known only at its end, because the keys may come last. A header is then read again from its start.
        Utf8JsonReader start = _reader;
        var fields = new ItemFields();
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (ReadToken() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!ReadAttribute(ref fields))
            {
                return false;
            }
        }

        if (_reader.TokenType != JsonTokenType.EndObject)
        {
            return false;
        }

        switch (_page.KindOf(fields[ItemField.PartitionKey], fields[ItemField.SortKey], out DigestItemId id))
        {
            case RecordKind.Item:
                _page.Add(fields.ToRecord(id, _page.Date));
                break;
            case RecordKind.Header:
                _page.Add(HeaderReader.Read(AttributeJson.ReadMap(ref start)));
                break;
        }

        return true;
    }

    private bool ReadAttribute(ref ItemFields fields)
    {
        ItemField field = FieldOfName();
        string name = field == ItemField.Unknown ? _reader.GetString()! : "";
        if (!ReadToken())
        {
            return false;
        }

        Utf8JsonReader start = _reader;
        return AnswerShape.ReadValue(ref _reader, Shape.AttributeValue) && fields.Set(field, name, ItemFields.IsIgnored(field) ? null : AttributeJson.Read(ref start));
    }

    private readonly ItemField FieldOfName() => _reader.ValueIsEscaped ? ItemFields.Of(_reader.GetString()) : ItemFields.Of(_reader.ValueSpan);

    private bool ReadToken() => AnswerShape.ReadToken(ref _reader);

    private static double? CapacityUnits(ref Utf8JsonReader capacity)
    {
        double? units = null;
        while (capacity.Read() && capacity.TokenType == JsonTokenType.PropertyName)
        {
            bool areUnits = capacity.ValueTextEquals("CapacityUnits"u8);
            capacity.Read();
            if (areUnits && capacity.TokenType == JsonTokenType.Number)
            {
                units = capacity.GetDouble();
            }
            else
            {
                capacity.Skip();
            }
        }

        return units;
    }

    [Flags]
    private enum Members
    {
        None = 0,
        Items = 1,
        LastKey = 2,
        Capacity = 4,
        Count = 8,
    }
}
