using System.Globalization;

namespace EmailDigest.Feeds;

/// <summary>Collects what is wrong with a feed; the same defect of many entries becomes one line with a count.</summary>
internal sealed class FeedProblems
{
    private readonly List<string> _order = [];
    private readonly Dictionary<string, (int Count, int First)> _entries = new(StringComparer.Ordinal);

    public void Add(string problem)
    {
        if (!_order.Contains(problem, StringComparer.Ordinal))
        {
            _order.Add(problem);
        }
    }

    /// <param name="entry">From 1, as a person counts.</param>
    /// <param name="problem">The defect, without the entry's number.</param>
    public void AddToEntry(int entry, string problem)
    {
        Add(problem);
        _entries[problem] = _entries.TryGetValue(problem, out (int Count, int First) seen) ? (seen.Count + 1, seen.First) : (1, entry);
    }

    public IReadOnlyList<string> ToList() => [.. _order.Select(Describe)];

    private string Describe(string problem) => _entries.TryGetValue(problem, out (int Count, int First) seen)
        ? seen.Count == 1
            ? string.Create(CultureInfo.InvariantCulture, $"entry {seen.First}: {problem}")
            : string.Create(CultureInfo.InvariantCulture, $"{seen.Count} entries, first {seen.First}: {problem}")
        : problem;
}
