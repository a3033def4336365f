using System.Buffers;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Amazon.DynamoDBv2.Model;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Records;

// Collects the attributes of one record and makes the item record. An attribute of an unexpected type counts as absent, because other
// programs and other versions write to the table, too.
internal struct ItemFields
{
    // The longest name of an attribute that an item is made from has fewer characters.
    private const int MaxName = 16;

    private Texts _texts;
    private Numbers _numbers;
    private uint _read;
    private string[] _tags = [];
    private IReadOnlyDictionary<string, string> _metadata = ReadOnlyDictionary<string, string>.Empty;
    private Dictionary<string, AttributeValue>? _unknown;

    public ItemFields()
    {
    }

    // The text of a field that is kept as a text. Null if the attribute is absent or has another type.
    public readonly string? this[ItemField field] => _texts[(int)field];

    public static ItemField Of(ReadOnlySpan<char> name) => name switch
    {
        N.Pk => ItemField.PartitionKey,
        N.Sk => ItemField.SortKey,
        N.Version => ItemField.Version,
        N.Id => ItemField.Id,
        N.Date => ItemField.Date,
        N.Url => ItemField.Url,
        N.CanonicalUrl => ItemField.CanonicalUrl,
        N.Title => ItemField.Title,
        N.Summary => ItemField.Summary,
        N.Source => ItemField.Source,
        N.Category => ItemField.Category,
        N.Author => ItemField.Author,
        N.PublishedAt => ItemField.PublishedAt,
        N.CreatedAt => ItemField.CreatedAt,
        N.UpdatedAt => ItemField.UpdatedAt,
        N.ContentHash => ItemField.ContentHash,
        N.Revision => ItemField.Revision,
        N.Ordinal => ItemField.Ordinal,
        N.ExpiresAt => ItemField.ExpiresAt,
        N.Tags => ItemField.Tags,
        N.Metadata => ItemField.Metadata,
        _ => ItemField.Unknown,
    };

    public static ItemField Of(ReadOnlySpan<byte> utf8)
    {
        Span<char> name = stackalloc char[MaxName];
        return Ascii.ToUtf16(utf8, name, out int length) == OperationStatus.Done ? Of(name[..length]) : ItemField.Unknown;
    }

    public static bool IsNumber(ItemField field) => field is >= ItemField.Revision and <= ItemField.Version;

    // The keys hold the same values.
    public static bool IsIgnored(ItemField field) => field is ItemField.Id or ItemField.Date;

    // False if the attribute came before, as for the following methods.
    public bool Set(ItemField field, string? text)
    {
        if (IsText(field))
        {
            _texts[(int)field] = text;
        }
        else if (!IsIgnored(field))
        {
            SetNumber(field, IsNumber(field) ? Number(text) : Instants.Read(text)?.UtcTicks);
        }

        return TryMarkRead(field);
    }

    // Makes no string of what is only parsed.
    public bool Set(ItemField field, ReadOnlySpan<byte> utf8)
    {
        if (IsText(field))
        {
            _texts[(int)field] = Encoding.UTF8.GetString(utf8);
        }
        else if (!IsIgnored(field))
        {
            SetNumber(field, IsNumber(field) ? Number(utf8) : Instants.Read(utf8)?.UtcTicks);
        }

        return TryMarkRead(field);
    }

    public bool Set(ItemField field, string name, AttributeValue? value)
    {
        switch (field)
        {
            case ItemField.Id or ItemField.Date:
                return TryMarkRead(field);
            case ItemField.Tags:
                return SetTags(TagsOf(value));
            case ItemField.Metadata:
                return SetMetadata(MetadataOf(value));
            case ItemField.Unknown:
                return value is null || (_unknown ??= new(StringComparer.Ordinal)).TryAdd(name, value);
            default:
                return Set(field, IsNumber(field) ? value?.N : value?.S);
        }
    }

    public bool SetTags(string[] tags)
    {
        _tags = tags;
        return TryMarkRead(ItemField.Tags);
    }

    public bool SetMetadata(IReadOnlyDictionary<string, string> metadata)
    {
        _metadata = metadata;
        return TryMarkRead(ItemField.Metadata);
    }

    public readonly ItemRecord ToRecord(DigestItemId id, DateOnly date)
    {
        if (IsRead(ItemField.Version) && IsNewer(Int(ItemField.Version)))
        {
            return new ItemRecord { Id = id, State = RecordState.Newer };
        }

        string? url = this[ItemField.Url];
        string? title = this[ItemField.Title];
        DateTimeOffset? createdAt = Instant(ItemField.CreatedAt);
        UnknownAttributes? unknown = _unknown is null ? null : new UnknownAttributes(_unknown);
        if (url is null || title is null || createdAt is null)
        {
            return new ItemRecord { Id = id, State = RecordState.Damaged, Unknown = unknown };
        }

        return new ItemRecord
        {
            Id = id,
            State = RecordState.Readable,
            ContentHash = this[ItemField.ContentHash],
            Unknown = unknown,
            Stored = new StoredDigestItem
            {
                Id = id,
                Date = date,
                CanonicalUrl = this[ItemField.CanonicalUrl] ?? url,
                CreatedAt = createdAt.Value,
                UpdatedAt = Instant(ItemField.UpdatedAt) ?? createdAt.Value,
                Revision = Math.Max(1, Int(ItemField.Revision) ?? 1),
                Ordinal = Math.Max(0, Int(ItemField.Ordinal) ?? 0),
                ExpiresAt = Instants.FromEpochSeconds(NumberOf(ItemField.ExpiresAt)),
                Item = new DigestItem
                {
                    Url = url,
                    Title = title,
                    Summary = this[ItemField.Summary],
                    Source = this[ItemField.Source],
                    Category = this[ItemField.Category],
                    Author = this[ItemField.Author],
                    PublishedAt = Instant(ItemField.PublishedAt),
                    Tags = _tags,
                    Metadata = _metadata,
                },
            },
        };
    }

    // A version that is not a number was not written by this version, so it counts as newer.
    public static bool IsNewer(int? version) => version is not { } number || number > Schema.Version;

    public static int? Int(string? digits) => Int(Number(digits));

    private static int? Int(long? number) => number is >= int.MinValue and <= int.MaxValue ? (int)number : null;

    private static long? Number(string? digits) =>
        long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : null;

    private static long? Number(ReadOnlySpan<byte> digits) =>
        long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : null;

    private static bool IsText(ItemField field) => field < ItemField.PublishedAt;

    private readonly int? Int(ItemField field) => Int(NumberOf(field));

    private readonly DateTimeOffset? Instant(ItemField field) => NumberOf(field) is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    private readonly long? NumberOf(ItemField field) => _numbers[field - ItemField.PublishedAt];

    private void SetNumber(ItemField field, long? number) => _numbers[field - ItemField.PublishedAt] = number;

    private readonly bool IsRead(ItemField field) => (_read & (1u << (int)field)) != 0;

    private bool TryMarkRead(ItemField field)
    {
        bool isFirst = !IsRead(field);
        _read |= 1u << (int)field;
        return isFirst;
    }

    // An element that is not a text is skipped, here and in the metadata.
    private static string[] TagsOf(AttributeValue? value)
    {
        if (value?.L is not { Count: > 0 } list)
        {
            return [];
        }

        string[] tags = new string[list.Count];
        int count = 0;
        foreach (AttributeValue? element in list)
        {
            if (element?.S is { } text)
            {
                tags[count++] = text;
            }
        }

        return count == tags.Length ? tags : tags[..count];
    }

    private static IReadOnlyDictionary<string, string> MetadataOf(AttributeValue? value)
    {
        if (value?.M is not { Count: > 0 } map)
        {
            return ReadOnlyDictionary<string, string>.Empty;
        }

        var metadata = new Dictionary<string, string>(map.Count, StringComparer.Ordinal);
        foreach ((string name, AttributeValue member) in map)
        {
            if (member?.S is { } text)
            {
                metadata[name] = text;
            }
        }

        return metadata;
    }

    [InlineArray((int)ItemField.PublishedAt)]
    private struct Texts
    {
        private string? _first;
    }

    // The value of a number, or the ticks of a time in UTC.
    [InlineArray(ItemField.Tags - ItemField.PublishedAt)]
    private struct Numbers
    {
        private long? _first;
    }
}
