using System.Diagnostics.CodeAnalysis;
using DigestStore.Calls;
using DigestStore.Identity;
using DigestStore.Records;

namespace DigestStore.Storing;

// Step 1 of StoreOperation: says what is wrong with an item, or makes the clean copy that the later steps work on.
internal static class ItemValidator
{
    // An item with more tags or metadata than this is larger than 400 KB, whatever they are. The bound also ends lists that have no end.
    private const int MaxElements = Schema.MaxItemBytes;

    // An item that is too large as a whole still gets its clean copy and its size, because the message names what is large in it.
    public static bool TryValidate(DigestItem? item, IdentityRuleSet identity, string digest, [NotNullWhen(true)] out CleanItem? clean, out int size, out StoreProblemReason defect)
    {
        clean = null;
        size = 0;
        if (item is null)
        {
            defect = StoreProblemReason.ItemMissing;
            return false;
        }

        if (!identity.TryCanonicalize(item.Url, out string? canonicalUrl, out defect))
        {
            return false;
        }

        if (BlankText.Is(item.Title))
        {
            defect = StoreProblemReason.TitleMissing;
            return false;
        }

        if (TryClean(item, canonicalUrl, identity, out clean) is { } unclean)
        {
            defect = unclean;
            return false;
        }

        size = ItemSize.Of(clean!, digest);
        defect = StoreProblemReason.ItemTooLarge;
        return size <= Schema.MaxItemBytes;
    }

    private static StoreProblemReason? TryClean(DigestItem item, string canonicalUrl, IdentityRuleSet identity, out CleanItem? clean)
    {
        clean = null;
        bool isUnicode = IsUnicode(item.Title);
        foreach (OptionalText text in OptionalText.All)
        {
            isUnicode &= IsUnicode(text.Of(item));
        }

        if (!isUnicode)
        {
            return StoreProblemReason.InvalidUnicode;
        }

        try
        {
            // These are collections of the caller, which may change or throw. So each is read once.
            if (CopyTags(item.Tags, out string[] tags) is { } badTags)
            {
                return badTags;
            }

            if (CopyMetadata(item.Metadata, out KeyValuePair<string, string>[] metadata) is { } badMetadata)
            {
                return badMetadata;
            }

            clean = new CleanItem { Item = item, CanonicalUrl = canonicalUrl, IdentityRules = identity, Tags = tags, Metadata = metadata };
            return null;
        }
        catch (Exception exception) when (!Fatal.Is(exception))
        {
            return StoreProblemReason.ItemUnreadable;
        }
    }

    private static StoreProblemReason? CopyTags(IReadOnlyList<string>? tags, out string[] copy)
    {
        copy = [];
        int length = tags?.Count ?? 0;
        if (length == 0)
        {
            return null;
        }

        if (length > MaxElements)
        {
            return StoreProblemReason.ItemTooLarge;
        }

        // Another thread of the caller may add to the list, or take from it, while it is read.
        string[] kept = new string[length];
        int count = 0;
        for (int index = 0; index < tags!.Count && index < length; index++)
        {
            string? tag = tags[index];
            if (!IsUnicode(tag))
            {
                return StoreProblemReason.InvalidUnicode;
            }

            if (!string.IsNullOrEmpty(tag))
            {
                kept[count++] = tag;
            }
        }

        copy = count == length ? kept : kept[..count];
        return null;
    }

    private static StoreProblemReason? CopyMetadata(IReadOnlyDictionary<string, string>? metadata, out KeyValuePair<string, string>[] copy)
    {
        copy = [];
        if (metadata is null || metadata.Count == 0)
        {
            return null;
        }

        var kept = new SortedDictionary<string, string>(StringComparer.Ordinal);
        int seen = 0;
        foreach ((string? name, string? value) in metadata)
        {
            if (++seen > MaxElements)
            {
                return StoreProblemReason.ItemTooLarge;
            }

            if (!IsUnicode(name) || !IsUnicode(value))
            {
                return StoreProblemReason.InvalidUnicode;
            }

            if (!string.IsNullOrEmpty(name) && !string.IsNullOrEmpty(value))
            {
                kept[name] = value;
            }
        }

        copy = [.. kept];
        return null;
    }

    private static bool IsUnicode(ReadOnlySpan<char> text)
    {
        int from = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        if (from < 0)
        {
            return true;
        }

        for (int index = from; index < text.Length; index++)
        {
            if (!char.IsSurrogate(text[index]))
            {
                continue;
            }

            if (!char.IsHighSurrogate(text[index]) || index + 1 == text.Length || !char.IsLowSurrogate(text[index + 1]))
            {
                return false;
            }

            index++;
        }

        return true;
    }
}
