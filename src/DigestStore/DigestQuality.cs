using System.Collections.ObjectModel;
using System.Globalization;
using System.Text;

namespace DigestStore;

/// <summary>The quality of the items of a store call or of a day: what they lack, and what is unusual about them.</summary>
/// <remarks>
/// It counts every item that the call looked at, duplicates and rejected items included. Elements that are <see langword="null"/> count only in
/// <see cref="Defects"/>. Dictionaries are compared by reference: two qualities with the same counts need not be equal.
/// </remarks>
public sealed record DigestQuality
{
    /// <summary>A quality of no items.</summary>
    public static DigestQuality None { get; } = new();

    /// <summary>How many items were looked at.</summary>
    public int Items { get; init; }

    /// <summary>How many have a summary.</summary>
    public int WithSummary { get; init; }

    /// <summary>How many have an author.</summary>
    public int WithAuthor { get; init; }

    /// <summary>How many have a source.</summary>
    public int WithSource { get; init; }

    /// <summary>How many have a date of publication.</summary>
    public int WithPublishedAt { get; init; }

    /// <summary>How many items were replaced by a later one of the same input.</summary>
    /// <value>The same as <see cref="StoreResult.Duplicates"/>. Within <see cref="BySource"/> it is counted for the source of the later item.</value>
    public int Duplicates { get; init; }

    /// <summary>How many items were rejected, by reason; reasons that did not occur are absent.</summary>
    public IReadOnlyDictionary<StoreProblemReason, int> Defects { get; init => field = value ?? None.Defects; } = ReadOnlyDictionary<StoreProblemReason, int>.Empty;

    /// <summary>How many items have something odd about them, by finding; findings that did not occur are absent.</summary>
    public IReadOnlyDictionary<QualityFinding, int> Findings { get; init => field = value ?? None.Findings; } = ReadOnlyDictionary<QualityFinding, int>.Empty;

    /// <summary>The same counts for each <see cref="DigestItem.Source"/>, in no particular order. Within the quality of a source this is empty.</summary>
    /// <value>
    /// Keys are compared ordinally. Items without a source, or with a blank one, are under the empty key. Up to <see cref="QualityRules.MaxSources"/>
    /// sources have an entry, the others share <see cref="QualityRules.OtherSources"/>; a name longer than
    /// <see cref="QualityRules.MaxSourceLength"/> is cut. A <see langword="null"/> element has no source, so it is counted in <see cref="Defects"/> of the whole input only.
    /// </value>
    public IReadOnlyDictionary<string, DigestQuality> BySource { get; init => field = value ?? None.BySource; } = ReadOnlyDictionary<string, DigestQuality>.Empty;

    /// <summary>The share of summary, author, source and date of publication that the items have.</summary>
    /// <value>From 0 to 1; 1 for no items.</value>
    public double Completeness =>
        Items == 0 ? 1 : (WithSummary + WithAuthor + WithSource + WithPublishedAt) / (4.0 * Items);

    /// <summary>One line for a log: counts alone, and no text of an item or a source.</summary>
    /// <returns>For example <c>92 % complete; findings: Stale 3, TitleIsUrl 1; rejected: UrlMissing 2; duplicates: 4</c>; what did not occur is left out.</returns>
    public override string ToString()
    {
        // The percentage is rounded down, so that only a complete input is shown as 100 %.
        StringBuilder line = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"{(int)(Completeness * 100)} % complete");
        Append(line, "; findings: ", Findings);
        Append(line, "; rejected: ", Defects);
        return Duplicates == 0 ? line.ToString() : line.Append(CultureInfo.InvariantCulture, $"; duplicates: {Duplicates}").ToString();
    }

    private static void Append<TKey>(StringBuilder line, string heading, IReadOnlyDictionary<TKey, int> counts)
        where TKey : struct, Enum
    {
        string separator = heading;
        foreach ((TKey key, int count) in counts.OrderBy(static entry => entry.Key))
        {
            line.Append(CultureInfo.InvariantCulture, $"{separator}{key} {count}");
            separator = ", ";
        }
    }
}
