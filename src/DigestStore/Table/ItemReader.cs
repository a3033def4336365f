using System.Globalization;
using Amazon.DynamoDBv2.Model;
using N = DigestStore.Table.AttributeNames;

namespace DigestStore.Table;

// Attribute values → item record, tolerantly: other hands and other versions write to the table too.
internal static class ItemReader
{
    public static ItemRecord Read(DigestItemId id, DateOnly date, Dictionary<string, AttributeValue> item)
    {
        if (IsNewer(item))
        {
            return new ItemRecord { Id = id, State = RecordState.Newer };
        }

        var attributes = new Attributes(item);
        DateTimeOffset? createdAt = Instants.Read(attributes.CreatedAt);
        UnknownAttributes? unknown = attributes.Unknown is null ? null : new UnknownAttributes(attributes.Unknown);
        if (attributes.Url is null || attributes.Title is null || createdAt is null)
        {
            return new ItemRecord { Id = id, State = RecordState.Damaged, Unknown = unknown };
        }

        return new ItemRecord
        {
            Id = id,
            State = RecordState.Readable,
            ContentHash = attributes.ContentHash,
            Unknown = unknown,
            Stored = new StoredDigestItem
            {
                Id = id,
                Date = date,
                CanonicalUrl = attributes.CanonicalUrl ?? attributes.Url,
                CreatedAt = createdAt.Value,
                UpdatedAt = Instants.Read(attributes.UpdatedAt) ?? createdAt.Value,
                Revision = Math.Max(1, Int(attributes.Revision) ?? 1),
                Ordinal = Math.Max(0, Int(attributes.Ordinal) ?? 0),
                ExpiresAt = Instants.FromEpochSeconds(attributes.ExpiresAt),
                Item = new DigestItem
                {
                    Url = attributes.Url,
                    Title = attributes.Title,
                    Summary = attributes.Summary,
                    Source = attributes.Source,
                    Category = attributes.Category,
                    Author = attributes.Author,
                    PublishedAt = Instants.Read(attributes.PublishedAt),
                    Tags = Tags(attributes.Tags),
                    Metadata = Metadata(attributes.Metadata),
                },
            },
        };
    }

    // A version that is no number is none of ours either.
    public static bool IsNewer(Dictionary<string, AttributeValue> item) =>
        item.ContainsKey(N.Version) && (Int(item, N.Version) is not { } version || version > Schema.Version);

    public static string? Text(Dictionary<string, AttributeValue> item, string name) =>
        item.TryGetValue(name, out AttributeValue? value) ? value?.S : null;

    public static string? Digits(Dictionary<string, AttributeValue> item, string name) =>
        item.TryGetValue(name, out AttributeValue? value) ? value?.N : null;

    public static int? Int(Dictionary<string, AttributeValue> item, string name) => Int(Digits(item, name));

    private static int? Int(string? digits) =>
        int.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static string[] Tags(List<AttributeValue>? list)
    {
        if (list is not { Count: > 0 })
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

    private static IReadOnlyDictionary<string, string> Metadata(Dictionary<string, AttributeValue>? map)
    {
        if (map is not { Count: > 0 })
        {
            return System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;
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

    // One pass over a record finds its attributes sooner than one look-up for each.
    private readonly ref struct Attributes
    {
        public readonly string? Url, CanonicalUrl, Title, Summary, Source, Category, Author, PublishedAt, CreatedAt, UpdatedAt, ContentHash;
        public readonly string? Revision, Ordinal, ExpiresAt;
        public readonly List<AttributeValue>? Tags;
        public readonly Dictionary<string, AttributeValue>? Metadata;
        public readonly Dictionary<string, AttributeValue>? Unknown;

        public Attributes(Dictionary<string, AttributeValue> item)
        {
            foreach ((string name, AttributeValue? value) in item)
            {
                switch (name)
                {
                    case N.Pk or N.Sk or N.Version or N.Date or N.Id:
                        break;
                    case N.Url:
                        Url = value?.S;
                        break;
                    case N.CanonicalUrl:
                        CanonicalUrl = value?.S;
                        break;
                    case N.Title:
                        Title = value?.S;
                        break;
                    case N.Summary:
                        Summary = value?.S;
                        break;
                    case N.Source:
                        Source = value?.S;
                        break;
                    case N.Category:
                        Category = value?.S;
                        break;
                    case N.Author:
                        Author = value?.S;
                        break;
                    case N.PublishedAt:
                        PublishedAt = value?.S;
                        break;
                    case N.CreatedAt:
                        CreatedAt = value?.S;
                        break;
                    case N.UpdatedAt:
                        UpdatedAt = value?.S;
                        break;
                    case N.ContentHash:
                        ContentHash = value?.S;
                        break;
                    case N.Revision:
                        Revision = value?.N;
                        break;
                    case N.Ordinal:
                        Ordinal = value?.N;
                        break;
                    case N.ExpiresAt:
                        ExpiresAt = value?.N;
                        break;
                    case N.Tags:
                        Tags = value?.L;
                        break;
                    case N.Metadata:
                        Metadata = value?.M;
                        break;
                    default:
                        if (value is not null)
                        {
                            (Unknown ??= new(StringComparer.Ordinal))[name] = value;
                        }

                        break;
                }
            }
        }
    }
}
