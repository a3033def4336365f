namespace DigestStore.FaultTests;

/// <summary>One call of <c>StoreAsync</c> with everything that its result is judged by.</summary>
internal sealed class ModelStore
{
    private ILookup<string, int>? _copies;
    private Dictionary<int, StoreProblemReason>? _reasons;

    public required int Number { get; init; }

    /// <summary>Stores that ran at the same time have the same group.</summary>
    public required int Group { get; init; }

    public required IReadOnlyList<ModelItem> Items { get; init; }

    public required bool IsStream { get; init; }

    /// <summary>Where the input throws; null if it does not.</summary>
    public int? ThrowsAt { get; init; }

    /// <summary>Whether the input is no list, so that it need not be read to its end.</summary>
    public bool IsLazy { get; init; }

    public required DigestStoreOptions Options { get; init; }

    public required StoreResult Result { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset EndedAt { get; init; }

    public bool WasCanceled { get; init; }

    public bool HadSink { get; init; }

    public IReadOnlyList<DeadLetter> Letters { get; init; } = [];

    public int SinkFailures { get; init; }

    public bool DropsWww => Options.Identity.DropWww;

    public static string CorrelationIdOf(int number) => $"store-{number}";

    public string PageOf(int index) => Items[index].PageUnder(DropsWww);

    /// <summary>The reason of a failed or rejected item.</summary>
    public StoreProblemReason? ReasonOf(int index)
    {
        _reasons ??= Result.Problems.Where(problem => problem.Index is not null).DistinctBy(problem => problem.Index).ToDictionary(problem => problem.Index!.Value, problem => problem.Reason);
        return _reasons.TryGetValue(index, out StoreProblemReason reason) ? reason : null;
    }

    public bool Has(StoreProblemReason reason) => Result.Problems.Any(problem => problem.Index is null && problem.Reason == reason);

    /// <summary>The places of all valid copies of a page that were taken from the input, in order.</summary>
    public IEnumerable<int> CopiesOf(string page)
    {
        _copies ??= Enumerable.Range(0, Math.Min(Result.Received, Items.Count)).Where(index => Items[index].Defect is null).ToLookup(PageOf);
        return _copies[page];
    }

    /// <summary>The last copy of a content; -1 if it was not taken from the input, which may have broken off before it.</summary>
    public int LastIndexOf(string content)
    {
        int index = Math.Min(Result.Received, Items.Count) - 1;
        while (index >= 0 && Items[index].Content != content)
        {
            index--;
        }

        return index;
    }

    public override string ToString() => $"store {Number} ({(IsStream ? "stream" : "collection")} of {Items.Count}{(ThrowsAt is { } at ? $", throws at {at}" : "")}{(WasCanceled ? ", canceled" : "")})";
}
