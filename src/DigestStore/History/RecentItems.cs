using System.Globalization;
using DigestStore.Faults;

namespace DigestStore.History;

// Divides items into those that were sent before and the others. Whatever the database does, every item ends up in one of the two lists.
internal static class RecentItems
{
    // The items are enumerated once. A collection without an end must not use up the memory.
    public static List<DigestItem?> Copy(IEnumerable<DigestItem> items, int maxItems)
    {
        var copy = new List<DigestItem?>();
        foreach (DigestItem? item in items)
        {
            if (copy.Count == maxItems)
            {
                throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture, $"The collection has more than {maxItems} items, which is {nameof(DigestStoreOptions)}.{nameof(DigestStoreOptions.MaxItems)}. Hand in fewer items, or raise {nameof(DigestStoreOptions.MaxItems)}."),
                    nameof(items));
            }

            copy.Add(item);
        }

        return copy;
    }

    public static async Task<RecentlySent> DivideAsync(List<DigestItem?> items, Func<IReadOnlyCollection<string>, Task<SentLookup>> find)
    {
        SentLookup lookup;
        try
        {
            lookup = await find([.. items.Select(static item => item?.Url).OfType<string>()]).ConfigureAwait(false);
        }
        catch (DigestStoreException failure)
        {
            return Unchecked(items, failure);
        }
        catch (ObjectDisposedException)
        {
            return Unchecked(items, new DigestStoreException(DigestStoreErrorReason.Disposed, Remedies.Of(DigestStoreErrorReason.Disposed)));
        }

        var fresh = new List<DigestItem>();
        var sent = new List<RecentlySentItem>();
        foreach (DigestItem? item in items)
        {
            if (item?.Url is { } url && lookup.Sent.TryGetValue(url, out SentUrl? before))
            {
                sent.Add(new RecentlySentItem(item, before.LastSentOn, before.IsCertain));
            }
            else
            {
                // An element that is null stays, because the store reports it under its index.
                fresh.Add(item!);
            }
        }

        return new RecentlySent { Fresh = fresh, Sent = sent, IsChecked = true, UnsettledDates = lookup.UnsettledDates, UncheckedDates = lookup.UncheckedDates };
    }

    private static RecentlySent Unchecked(List<DigestItem?> items, DigestStoreException failure) =>
        new() { Fresh = [.. items.Select(static item => item!)], IsChecked = false, Error = failure };
}
