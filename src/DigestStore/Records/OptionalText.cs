using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Records;

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
