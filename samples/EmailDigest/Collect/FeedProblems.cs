namespace EmailDigest.Collect;

/// <summary>Collects what is wrong with a feed; the same defect of many entries becomes one line with a count.</summary>
internal sealed class FeedProblems
{
    private readonly OrderedDictionary<string, (int Count, int First)> _seen = new(StringComparer.Ordinal);
    private int _entry;

    /// <summary>What is added from now on is of this entry, counted from 1 as a person does; 0: of the whole feed.</summary>
    public FeedProblems At(int entry)
    {
        _entry = entry;
        return this;
    }

    /// <summary>Whether entries are missing: they could not be read, or are beyond a limit.</summary>
    public bool IsLoss { get; private set; }

    public void AddIf(bool isSo, string problem, bool isLoss = false)
    {
        IsLoss |= isSo && isLoss;
        if (isSo)
        {
            (int count, int first) = _seen.GetValueOrDefault(problem, (0, _entry));
            _seen[problem] = _entry == 0 ? (0, 0) : (count + 1, first);
        }
    }

    public IReadOnlyList<string> ToList() => [.. _seen.Select(problem => problem.Value.Count switch
    {
        0 => problem.Key,
        1 => string.Create(CultureInfo.InvariantCulture, $"entry {problem.Value.First}: {problem.Key}"),
        int count => string.Create(CultureInfo.InvariantCulture, $"{count:N0} entries, first {problem.Value.First}: {problem.Key}"),
    })];
}
