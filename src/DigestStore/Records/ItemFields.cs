using System.Collections.ObjectModel;
using System.Globalization;
using System.Runtime.CompilerServices;
using Amazon.DynamoDBv2.Model;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Records;

// The attributes of a record that an item is made from.
internal enum ItemField
{
    Url,
    CanonicalUrl,
    Title,
    Summary,
    Source,
    Category,
    Author,
    PublishedAt,
    CreatedAt,
    UpdatedAt,
    ContentHash,
    Revision,
    Ordinal,
    ExpiresAt,
    Version,
    PartitionKey,
    SortKey,
    Tags,
    Metadata,

    // The values of id and date are not read, because the keys hold the same values. The value of an unknown attribute is kept as it is.
    Id,
    Date,
    Unknown,
}

// An optional text of an item. Validating, mapping, measuring and hashing an item all go through this list, so a new text needs one row here
// to be stored and compared.
internal sealed class OptionalText(ItemField itemField, string attribute, Func<DigestItem, string?> property)
{
    // The order is that of the content hash.
    public static readonly OptionalText[] All =
    [
        new(ItemField.Summary, N.Summary, static item => item.Summary),
        new(ItemField.Source, N.Source, static item => item.Source),
        new(ItemField.Category, N.Category, static item => item.Category),
        new(ItemField.Author, N.Author, static item => item.Author),
    ];

    public ItemField Field => itemField;

    public string Attribute => attribute;

    // Null if the item has none. An empty text is stored as none, and then has the same hash.
    public string? Of(DigestItem item) => property(item) is { Length: > 0 } text ? text : null;
}

// Collects the attributes of one record and makes the item record. An attribute of an unexpected type counts as absent, because other
// programs and other versions write to the table, too.
internal struct ItemFields
{
    private Texts _texts;
    private uint _read;
    private string[] _tags = [];
    private IReadOnlyDictionary<string, string> _metadata = ReadOnlyDictionary<string, string>.Empty;
    private Dictionary<string, AttributeValue>? _unknown;

    public ItemFields()
    {
    }

    // The text or the digits of a field. Null if the attribute is absent or has another type.
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

    public static bool IsNumber(ItemField field) => field is ItemField.Revision or ItemField.Ordinal or ItemField.ExpiresAt or ItemField.Version;

    // Each of these fields is a single text or number. They come first in the enumeration, because their values are kept in one inline array.
    public static bool IsScalar(ItemField field) => field < ItemField.Tags;

    // False if the attribute came before.
    public bool Set(ItemField field, string? text)
    {
        _texts[(int)field] = text;
        return TryMarkRead(field);
    }

    public bool Set(ItemField field, string name, AttributeValue? value)
    {
        switch (field)
        {
            case ItemField.Id or ItemField.Date:
                return TryMarkRead(field);
            case ItemField.Tags:
                _tags = TagsOf(value);
                return TryMarkRead(field);
            case ItemField.Metadata:
                _metadata = MetadataOf(value);
                return TryMarkRead(field);
            case ItemField.Unknown:
                return value is null || (_unknown ??= new(StringComparer.Ordinal)).TryAdd(name, value);
            default:
                return Set(field, IsNumber(field) ? value?.N : value?.S);
        }
    }

    public readonly ItemRecord ToRecord(DigestItemId id, DateOnly date)
    {
        if (IsRead(ItemField.Version) && IsNewer(this[ItemField.Version]))
        {
            return new ItemRecord { Id = id, State = RecordState.Newer };
        }

        string? url = this[ItemField.Url];
        string? title = this[ItemField.Title];
        DateTimeOffset? createdAt = Instants.Read(this[ItemField.CreatedAt]);
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
                UpdatedAt = Instants.Read(this[ItemField.UpdatedAt]) ?? createdAt.Value,
                Revision = Math.Max(1, Int(ItemField.Revision) ?? 1),
                Ordinal = Math.Max(0, Int(ItemField.Ordinal) ?? 0),
                ExpiresAt = Instants.FromEpochSeconds(this[ItemField.ExpiresAt]),
                Item = new DigestItem
                {
                    Url = url,
                    Title = title,
                    Summary = this[ItemField.Summary],
                    Source = this[ItemField.Source],
                    Category = this[ItemField.Category],
                    Author = this[ItemField.Author],
                    PublishedAt = Instants.Read(this[ItemField.PublishedAt]),
                    Tags = _tags,
                    Metadata = _metadata,
                },
            },
        };
    }

    // A version that is not a number was not written by this version, so it counts as newer.
    public static bool IsNewer(string? version) => Int(version) is not { } number || number > Schema.Version;

    public static int? Int(string? digits) =>
        int.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : null;

    private readonly int? Int(ItemField field) => Int(this[field]);

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

    [InlineArray((int)ItemField.Tags)]
    private struct Texts
    {
        private string? _first;
    }
}
