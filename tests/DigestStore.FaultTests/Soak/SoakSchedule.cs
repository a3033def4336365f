namespace DigestStore.FaultTests;

/// <summary>Everything that a seed decides: what is there already, what is stored, with which options.</summary>
internal sealed class SoakSchedule
{
    private const int MostItems = 80;

    public SoakSchedule(int seed)
    {
        Seed = seed;
        var random = new Random(seed);
        Options = new DigestStoreOptions
        {
            MaxAttempts = random.Next(1, 5),
            MaxConcurrency = random.Next(1, 5),
            BatchSize = random.Next(5, 26),
            Deadline = TimeSpan.FromSeconds(random.Next(2, 26)),
        };
        IsStream = random.Next(4) == 0;
        HasSink = random.Next(2) == 0;
        DigestItem[] all = FaultScenario.Items(random.Next(1, MostItems));

        // Some pages are there already, half of them with the same content.
        Before = [.. all.Where(_ => random.Next(3) == 0).Select(item => random.Next(2) == 0 ? item : item with { Title = FaultScenario.SecretMarker + " before" })];
        var wanted = new List<DigestItem>(all);
        if (!IsStream)
        {
            // Copies of a page: the last one counts.
            wanted.AddRange(all.Where(_ => random.Next(10) == 0).Select(item => item with { Title = item.Title + " again" }));
        }

        Items = [.. wanted];
    }

    public int Seed { get; }

    public DigestStoreOptions Options { get; init; }

    public bool IsStream { get; }

    public bool HasSink { get; }

    public DigestItem[] Before { get; }

    public DigestItem[] Items { get; }

    /// <summary>What the table must have for each page in the end.</summary>
    public IReadOnlyDictionary<string, DigestItem> Wanted()
    {
        var wanted = new Dictionary<string, DigestItem>();
        foreach (DigestItem item in Before.Concat(Items))
        {
            wanted[item.Url] = item;
        }

        return wanted;
    }
}
