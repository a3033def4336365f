using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using DigestStore.Records;

namespace DigestStore.DynamoDb;

// Reads the record of an item whose JSON is as DynamoDB writes it: without white space and without escapes in names and keys. It is recognized by
// comparing bytes, and is read in a third of the time that the tokens of Utf8JsonReader take. That one reads only what is rare: texts with
// escapes, and attributes that the library does not know or that have another type than it writes. PageBody reads any other record, and
// decides whether it is valid at all.
internal ref struct PlainRecord
{
    private static readonly SearchValues<byte> EndOfPlainText = SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, ' ').Select(static control => (byte)control)]);

    private readonly PageBuilder _page;
    private ReadOnlySpan<byte> _rest;
    private ItemFields _fields = new();
    private DigestItemId? _id;
    private bool _isOwn;

    private PlainRecord(ReadOnlySpan<byte> json, PageBuilder page)
    {
        _rest = json;
        _page = page;
    }

    // The JSON is valid UTF-8, and may go on after the record, which has the returned length. False if the record is not a plain one. Throws as
    // Utf8JsonReader does if a text of it is no valid JSON.
    public static bool TryRead(ReadOnlySpan<byte> json, PageBuilder page, [NotNullWhen(true)] out ItemRecord? item, out int length)
    {
        var record = new PlainRecord(json, page);
        bool isPlain = record.ReadAttributes() && record is { _isOwn: true, _id: not null };
        (item, length) = isPlain ? (record._fields.ToRecord(record._id!.Value, page.Date), json.Length - record._rest.Length) : (null, 0);
        return isPlain;
    }

    private bool ReadAttributes()
    {
        if (!Take("{"u8))
        {
            return false;
        }

        do
        {
            if (!ReadAttribute())
            {
                return false;
            }
        }
        while (Take(","u8));
        return Take("}"u8);
    }

    private bool ReadAttribute()
    {
        if (!ReadText(out ReadOnlySpan<byte> name, out string? unescaped) || unescaped is not null || !Take(":"u8))
        {
            return false;
        }

        ItemField field = ItemFields.Of(name);
        ReadOnlySpan<byte> value = _rest;
        if (ReadUsualValue(field))
        {
            return true;
        }

        _rest = value;
        return !IsKey(field) && ReadAnyValue(field, name);
    }

    private static bool IsKey(ItemField field) => field is ItemField.PartitionKey or ItemField.SortKey;

    // False if the value has another type than the field, or the field came before.
    private bool ReadUsualValue(ItemField field) => field switch
    {
        ItemField.Unknown => false,
        ItemField.Tags => ReadTags(),
        ItemField.Metadata => ReadMetadata(),
        _ => Take(ItemFields.IsNumber(field) ? "{\"N\":"u8 : "{\"S\":"u8) && ReadText(out ReadOnlySpan<byte> plain, out string? unescaped) && Take("}"u8) &&
            (unescaped is null ? Set(field, plain) : !IsKey(field) && _fields.Set(field, unescaped)),
    };

    // Reads the value as the SDK reads it. False if it is no valid one, or the attribute came before.
    private bool ReadAnyValue(ItemField field, ReadOnlySpan<byte> name)
    {
        Utf8JsonReader reader = AnswerShape.CreateReader(_rest);
        AnswerShape.ReadToken(ref reader);
        Utf8JsonReader start = reader;
        if (!AnswerShape.ReadValue(ref reader, Shape.AttributeValue))
        {
            return false;
        }

        _rest = _rest[(int)reader.BytesConsumed..];
        return _fields.Set(field, Encoding.UTF8.GetString(name), ItemFields.IsIgnored(field) ? null : AttributeJson.Read(ref start));
    }

    // The keys are only compared and parsed, so no strings are made of them.
    private bool Set(ItemField field, ReadOnlySpan<byte> text)
    {
        switch (field)
        {
            case ItemField.PartitionKey when !_isOwn:
                _isOwn = _page.IsOwnPartition(text);
                return _isOwn;
            case ItemField.SortKey when _id is null && RecordKeys.TryParseItem(text, out DigestItemId id):
                _id = id;
                return true;
            case ItemField.PartitionKey or ItemField.SortKey:
                return false;
            default:
                return _fields.Set(field, text);
        }
    }

    private bool ReadTags()
    {
        if (!Take("{\"L\":["u8))
        {
            return false;
        }

        List<string> tags = _page.TagsOfRecord;
        tags.Clear();
        do
        {
            if (!Take("{\"S\":"u8) || !ReadText(out string tag) || !Take("}"u8))
            {
                return false;
            }

            tags.Add(tag);
        }
        while (Take(","u8));
        return Take("]}"u8) && _fields.SetTags([.. tags]);
    }

    private bool ReadMetadata()
    {
        if (!Take("{\"M\":{"u8))
        {
            return false;
        }

        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        do
        {
            if (!ReadText(out string name) || !Take(":{\"S\":"u8) || !ReadText(out string value) || !Take("}"u8) || !metadata.TryAdd(name, value))
            {
                return false;
            }
        }
        while (Take(","u8));
        return Take("}}"u8) && _fields.SetMetadata(metadata);
    }

    private bool ReadText(out string text)
    {
        bool isText = ReadText(out ReadOnlySpan<byte> plain, out string? unescaped);
        text = unescaped ?? Encoding.UTF8.GetString(plain);
        return isText;
    }

    // A text that has escapes is returned as a string, any other one as its bytes.
    private bool ReadText(out ReadOnlySpan<byte> plain, out string? unescaped)
    {
        plain = [];
        unescaped = null;
        if (_rest is not [(byte)'"', ..])
        {
            return false;
        }

        int end = _rest[1..].IndexOfAny(EndOfPlainText) + 1;
        if (end == 0)
        {
            return false;
        }

        if (_rest[end] == '"')
        {
            plain = _rest[1..end];
            _rest = _rest[(end + 1)..];
            return true;
        }

        var reader = new Utf8JsonReader(_rest);
        reader.Read();
        unescaped = reader.GetString()!;
        _rest = _rest[(int)reader.BytesConsumed..];
        return true;
    }

    // Moves on if the next bytes are the expected ones.
    private bool Take(ReadOnlySpan<byte> expected)
    {
        bool isNext = _rest.StartsWith(expected);
        _rest = isNext ? _rest[expected.Length..] : _rest;
        return isNext;
    }
}
