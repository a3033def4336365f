using System.Collections;
using System.Text.Json.Serialization;

namespace DigestStore;

/// <summary>One day's digest: its items in the order in which they were first stored.</summary>
[JsonConverter(typeof(DigestJsonConverter))]
public sealed class Digest : IReadOnlyList<StoredDigestItem>
{
    private readonly StoredDigestItem[] _items;

    /// <summary>Makes a digest of the given items.</summary>
    /// <param name="date">The day.</param>
    /// <param name="items">The items in any order; they are sorted by ordinal, then time of first store, then id.</param>
    /// <param name="unreadable">How many records of the day could not be read; not negative.</param>
    /// <exception cref="ArgumentNullException"><paramref name="items"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="unreadable"/> is negative.</exception>
    public Digest(DateOnly date, IEnumerable<StoredDigestItem> items, int unreadable = 0)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentOutOfRangeException.ThrowIfNegative(unreadable);
        Date = date;
        Unreadable = unreadable;
        _items = [.. items];
        Array.Sort(_items, InDigestOrder);
    }

    /// <summary>The day of the digest.</summary>
    public DateOnly Date { get; }

    /// <summary>
    /// How many records of the day were written by a newer version of the library, or lack an attribute that every item has.
    /// They are counted here, never hidden and never overwritten.
    /// </summary>
    /// <value>0 in a healthy table.</value>
    public int Unreadable { get; }

    /// <summary>How many items the digest has.</summary>
    public int Count => _items.Length;

    /// <summary>The item at a place.</summary>
    /// <param name="index">From 0.</param>
    /// <exception cref="IndexOutOfRangeException"><paramref name="index"/> is not a place in the digest.</exception>
    public StoredDigestItem this[int index] => _items[index];

    /// <summary>Goes through the items in digest order.</summary>
    /// <returns>The enumerator.</returns>
    public IEnumerator<StoredDigestItem> GetEnumerator() => ((IEnumerable<StoredDigestItem>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static int InDigestOrder(StoredDigestItem left, StoredDigestItem right)
    {
        int order = left.Ordinal.CompareTo(right.Ordinal);
        if (order == 0)
        {
            order = left.CreatedAt.CompareTo(right.CreatedAt);
        }

        return order != 0 ? order : left.Id.CompareTo(right.Id);
    }
}
