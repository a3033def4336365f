using DigestStore.Calls;

namespace DigestStore.Storing;

// Copies tags and metadata, because the caller may change them before the items are prepared. Only lists and dictionaries of .NET itself
// are copied, since that runs no code of the caller. The copying takes time of the caller's thread, so it is bounded.
internal static class ItemSnapshot
{
    // The bound on items, tags and metadata together. Copying that many takes a few milliseconds.
    public const int MaxEntries = 50_000;

    public static void Take(List<DigestItem?> items)
    {
        int left = MaxEntries;
        for (int index = 0; index < items.Count && left > 0; index++)
        {
            left--;
            if (items[index] is { } item)
            {
                items[index] = Of(item, ref left);
            }
        }
    }

    private static DigestItem Of(DigestItem item, ref int left)
    {
        try
        {
            IReadOnlyList<string>? tags = CopyOf(item.Tags, ref left);
            IReadOnlyDictionary<string, string>? metadata = CopyOf(item.Metadata, ref left);
            return tags is null && metadata is null ? item : item with { Tags = tags ?? item.Tags, Metadata = metadata ?? item.Metadata };
        }
        catch (Exception exception) when (!Fatal.Is(exception))
        {
            // Another thread changes the item at this moment. Validation will report it if it is still unreadable then.
            return item;
        }
    }

    private static string[]? CopyOf(IReadOnlyList<string>? tags, ref int left)
    {
        bool isPlain = tags is string[] || tags?.GetType() == typeof(List<string>);
        return isPlain && IsWithin(tags!.Count, ref left) ? [.. tags] : null;
    }

    private static Dictionary<string, string>? CopyOf(IReadOnlyDictionary<string, string>? metadata, ref int left) =>
        metadata?.GetType() == typeof(Dictionary<string, string>) && IsWithin(metadata.Count, ref left)
            ? new Dictionary<string, string>((Dictionary<string, string>)metadata, StringComparer.Ordinal)
            : null;

    private static bool IsWithin(int entries, ref int left)
    {
        if (entries == 0 || entries > left)
        {
            return false;
        }

        left -= entries;
        return true;
    }
}
