using System.Globalization;
using System.Text;
using DigestStore.Identity;
using static DigestStore.ContractTests.Model.ModelDefect;

namespace DigestStore.ContractTests.Model;

internal static class ModelItem
{
    private const int MaxBytes = 400 * 1024;

    public static (DigestItem? Item, StoreProblemReason? Reason) Clean(DigestItem? item, UrlIdentityOptions rules, ModelDefect defect)
    {
        if (item is null)
        {
            return defect == ThrowsOnInvalid ? throw new InvalidOperationException("A null element.") : (null, StoreProblemReason.ItemMissing);
        }

        DigestItem cleaned;
        try
        {
            cleaned = Cleaned(item, defect);
        }
        catch (InvalidOperationException)
        {
            return (null, StoreProblemReason.ItemUnreadable);
        }

        if (!Texts(cleaned).All(text => text is null || IsUnicode(text)))
        {
            return (null, StoreProblemReason.InvalidUnicode);
        }

        if (!IdentityRuleSet.For(rules).TryCanonicalize(item.Url, out _, out StoreProblemReason reason))
        {
            return (null, reason);
        }

        if ((item.Title ?? "").EnumerateRunes().All(IsInvisible) && defect != StoresInvalid)
        {
            return (null, StoreProblemReason.TitleMissing);
        }

        // About 1 KB is left for what the library adds.
        int bytes = Texts(cleaned).Sum(text => text is null ? 0 : Encoding.UTF8.GetByteCount(text)) + 1024;
        return bytes > MaxBytes ? (null, StoreProblemReason.ItemTooLarge) : (cleaned, null);
    }

    private static DigestItem Cleaned(DigestItem item, ModelDefect defect) => defect == KeepsEmptyTexts ? item : item with
    {
        Summary = NullIfEmpty(item.Summary),
        Source = NullIfEmpty(item.Source),
        Category = NullIfEmpty(item.Category),
        Author = NullIfEmpty(item.Author),
        PublishedAt = defect == KeepsOffsets ? item.PublishedAt : item.PublishedAt?.ToUniversalTime(),
        Tags = defect == DropsTags ? [] : [.. (item.Tags ?? []).Where(tag => !string.IsNullOrEmpty(tag))],
        Metadata = (item.Metadata ?? new Dictionary<string, string>())
            .Where(entry => entry.Key.Length > 0 && !string.IsNullOrEmpty(entry.Value))
            .ToDictionary(StringComparer.Ordinal),
    };

    // A rough sketch of the library's table.
    private static bool IsInvisible(Rune rune) => Rune.IsWhiteSpace(rune) || rune.Value == 0x3164 || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.Control;

    private static string? NullIfEmpty(string? text) => text is "" ? null : text;

    private static IEnumerable<string?> Texts(DigestItem item) =>
    [
        item.Url,
        item.Title,
        item.Summary,
        item.Source,
        item.Category,
        item.Author,
        .. item.Tags ?? [],
        .. (item.Metadata ?? new Dictionary<string, string>()).SelectMany(entry => new[] { entry.Key, entry.Value }),
    ];

    private static bool IsUnicode(string text)
    {
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out int consumed) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            rest = rest[consumed..];
        }

        return true;
    }
}
