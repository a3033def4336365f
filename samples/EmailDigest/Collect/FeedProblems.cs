namespace EmailDigest.Collect;

/// <summary>Collects what is wrong with a feed; the same defect of many entries becomes one line with a count.</summary>
internal sealed class FeedProblems
{
    private readonly OrderedDictionary<string, (int Count, int First)> _seen = new(StringComparer.Ordinal);
    public void Add(string problem) => _seen.TryAdd(problem, (0, 0));

    public void AddIf(bool isSo, string problem)
    {
        if (isSo)
        {
            Add(problem);
        }
    }

    /// <param name="entry">From 1, as a person counts.</param>
    public EntryProblems At(int entry) => new(this, entry);
    public void Add(string problem, int entry) => _seen[problem] = _seen.TryGetValue(problem, out (int Count, int First) seen) ? (seen.Count + 1, seen.First) : (1, entry);

    public IReadOnlyList<string> ToList() => [.. _seen.Select(problem => problem.Value.Count switch
    {
        0 => problem.Key,
        1 => string.Create(CultureInfo.InvariantCulture, $"entry {problem.Value.First}: {problem.Key}"),
        int count => string.Create(CultureInfo.InvariantCulture, $"{count:N0} entries, first {problem.Value.First}: {problem.Key}"),
    })];
}

/// <summary>The problems of one entry.</summary>
internal readonly record struct EntryProblems(FeedProblems Feed, int Entry)
{
    public void AddIf(bool isSo, string problem)
    {
        if (isSo)
        {
            Feed.Add(problem, Entry);
        }
    }
}
