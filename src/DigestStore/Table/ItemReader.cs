using System.Globalization;
using Amazon.DynamoDBv2.Model;
using N = DigestStore.Table.AttributeNames;

namespace DigestStore.Table;

// Attribute values → item record, tolerantly: other hands and other versions write to the table too.
internal static class ItemReader
{
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        N.Pk, N.Sk, N.Version, N.ExpiresAt, N.Date, N.Id, N.Url, N.CanonicalUrl, N.Title, N.Summary, N.Source, N.Category, N.Author,
        N.PublishedAt, N.Tags, N.Metadata, N.CreatedAt, N.UpdatedAt, N.Revision, N.Ordinal, N.ContentHash,
    };

    public static ItemRecord Read(DigestItemId id, DateOnly date, Dictionary<string, AttributeValue> item)
    {
        if (IsNewer(item))
        {
            return new ItemRecord { Id = id, State = RecordState.Newer };
        }

        string? url = Text(item, N.Url);
        string? title = Text(item, N.Title);
        DateTimeOffset? createdAt = Instants.Read(Text(item, N.CreatedAt));
        UnknownAttributes? unknown = Unknown(item);
        if (url is null || title is null || createdAt is null)
        {
            return new ItemRecord { Id = id, State = RecordState.Damaged, Unknown = unknown };
        }

        return new ItemRecord
        {
            Id = id,
            State = RecordState.Readable,
            ContentHash = Text(item, N.ContentHash),
            Unknown = unknown,
            Stored = new StoredDigestItem
            {
                Id = id,
                Date = date,
                CanonicalUrl = Text(item, N.CanonicalUrl) ?? url,
                CreatedAt = createdAt.Value,
                UpdatedAt = Instants.Read(Text(item, N.UpdatedAt)) ?? createdAt.Value,
                Revision = Math.Max(1, Int(item, N.Revision) ?? 1),
                Ordinal = Math.Max(0, Int(item, N.Ordinal) ?? 0),
                ExpiresAt = Instants.FromEpochSeconds(Digits(item, N.ExpiresAt)),
                Item = new DigestItem
                {
                    Url = url,
                    Title = title,
                    Summary = Text(item, N.Summary),
                    Source = Text(item, N.Source),
                    Category = Text(item, N.Category),
                    Author = Text(item, N.Author),
                    PublishedAt = Instants.Read(Text(item, N.PublishedAt)),
                    Tags = Tags(item),
                    Metadata = Metadata(item),
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

    public static int? Int(Dictionary<string, AttributeValue> item, string name) =>
        int.TryParse(Digits(item, name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static IReadOnlyList<string> Tags(Dictionary<string, AttributeValue> item) =>
        item.TryGetValue(N.Tags, out AttributeValue? value) && value?.L is { Count: > 0 } list
            ? [.. list.Select(element => element?.S).OfType<string>()]
            : [];

    private static IReadOnlyDictionary<string, string> Metadata(Dictionary<string, AttributeValue> item)
    {
        if (!item.TryGetValue(N.Metadata, out AttributeValue? value) || value?.M is not { Count: > 0 } map)
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

    private static UnknownAttributes? Unknown(Dictionary<string, AttributeValue> item)
    {
        Dictionary<string, AttributeValue>? unknown = null;
        foreach ((string name, AttributeValue value) in item)
        {
            if (value is not null && !Known.Contains(name))
            {
                (unknown ??= new(StringComparer.Ordinal))[name] = value;
            }
        }

        return unknown is null ? null : new UnknownAttributes(unknown);
    }
}
