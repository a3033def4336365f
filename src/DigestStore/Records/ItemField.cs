namespace DigestStore.Records;

// The attributes of a record that an item is made from.
internal enum ItemField
{
    // Texts that are kept as they are.
    Url,
    CanonicalUrl,
    Title,
    Summary,
    Source,
    Category,
    Author,
    ContentHash,
    PartitionKey,
    SortKey,

    // Texts that are times.
    PublishedAt,
    CreatedAt,
    UpdatedAt,

    // Numbers.
    Revision,
    Ordinal,
    ExpiresAt,
    Version,

    Tags,
    Metadata,

    // The values of id and date are not read, because the keys hold the same values. The value of an unknown attribute is kept as it is.
    Id,
    Date,
    Unknown,
}
