using System.Globalization;
using System.Runtime.CompilerServices;
using Amazon.DynamoDBv2.Model;
using N = DigestStore.Table.AttributeNames;

namespace DigestStore.Table;

// What an attribute of a record is to an item.
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

    // Told by the keys too.
    Id,
    Date,
    Unknown,
}

// The attributes of one record, on their way from a reader to an item. Tolerant: other hands and other versions write to the table too.
internal struct ItemFields
{
    private Texts _texts;
    private uint _seen;

    public ItemFields()
    {
    }

    public string[] Tags { get; set; } = [];

    public IReadOnlyDictionary<string, string> Metadata { get; set; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;

    public Dictionary<string, AttributeValue>? Unknown { get; set; }

    // The text or the digits of a field; null when it is missing, or has another type.
    public string? this[ItemField field]
    {
        readonly get => _texts[(int)field];
        set => _texts[(int)field] = value;
    }

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

    // False for a field that was there already; of unknown ones the reader knows.
    public bool Meet(ItemField field)
    {
        uint bit = 1u << (int)field;
        bool isNew = field == ItemField.Unknown || (_seen & bit) == 0;
        _seen |= bit;
        return isNew;
    }

    public readonly ItemRecord ToRecord(DigestItemId id, DateOnly date)
    {
        if ((_seen & (1u << (int)ItemField.Version)) != 0 && IsNewer(this[ItemField.Version]))
        {
            return new ItemRecord { Id = id, State = RecordState.Newer };
        }

        string? url = this[ItemField.Url];
        string? title = this[ItemField.Title];
        DateTimeOffset? createdAt = Instants.Read(this[ItemField.CreatedAt]);
        UnknownAttributes? unknown = Unknown is null ? null : new UnknownAttributes(Unknown);
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
                    Tags = Tags,
                    Metadata = Metadata,
                },
            },
        };
    }

    // A version that is no number is none of ours either.
    public static bool IsNewer(string? version) => Int(version) is not { } number || number > Schema.Version;

    private readonly int? Int(ItemField field) => Int(this[field]);

    public static int? Int(string? digits) =>
        int.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : null;

    [InlineArray((int)ItemField.Tags)]
    private struct Texts
    {
        private string? _first;
    }
}
