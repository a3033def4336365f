namespace DigestStore.FaultTests;

/// <summary>What a seed decides for a whole schedule: the options, how often the proxy does something and what, how many pages there are.</summary>
internal sealed class ModelProfile
{
    private const string PoisonMark = "poison ";
    private static readonly ModelMove[] AllMoves = Enum.GetValues<ModelMove>()[1..];

    // They cost an attempt's whole time.
    private static readonly ModelMove[] Stalls = [ModelMove.StallBefore, ModelMove.StallAfter, ModelMove.StallInBodyAfter];

    private readonly ModelMove[] _moves;
    private readonly double _faultShare;

    public ModelProfile(int seed)
    {
        Seed = seed;
        Random = new Random(seed);
        _moves = [.. Enumerable.Range(0, Random.Next(1, 8)).Select(_ => AllMoves[Random.Next(AllMoves.Length)])];
        _faultShare = Pick(0.1, 0.3, 0.6, 0.9);
        Pages = Pick(3, 3, 12, 12, 40, 130);
        PoisonShare = Pick(0, 0, 0, 0.05, 0.3);
        MixesRules = Random.Next(4) == 0;
        HasSink = Random.Next(4) > 0;
        SinkFailures = HasSink ? Pick(0, 0, 0, 0.3) : 0;
        Operations = Random.Next(3, 8);
        TimeSpan deadline = TimeSpan.FromMilliseconds(Pick(400, 2_000, 5_000));
        Options = new DigestStoreOptions
        {
            DigestName = $"model-{seed}",
            BatchSize = Pick(1, 2, 5, 25),
            MaxConcurrency = Pick(1, 1, 2, 4),
            MaxAttempts = Random.Next(1, 5),
            Deadline = deadline,
            ReadDeadline = TimeSpan.FromSeconds(2),
            AttemptTimeout = TimeSpan.FromMilliseconds(Pick(150, 400)),
            RetryDelay = TimeSpan.FromMilliseconds(1),
            ThrottleDelay = TimeSpan.FromMilliseconds(2),
            MaxRetryDelay = TimeSpan.FromMilliseconds(4),
            Retention = Random.Next(3) == 0 ? TimeSpan.FromDays(30) : null,
            WhenDisabled = Random.Next(2) == 0 ? DisabledItems.Drop : DisabledItems.DeadLetter,
            MaxProblems = 100_000,
        };
    }

    public int Seed { get; }

    /// <summary>For what is decided on the way, one operation after the other.</summary>
    public Random Random { get; }

    public DigestStoreOptions Options { get; }

    public int Pages { get; }

    public double PoisonShare { get; }

    public bool MixesRules { get; }

    public bool HasSink { get; }

    public double SinkFailures { get; }

    public int Operations { get; }

    /// <summary>Items that the engine refuses, together with every other item of the same request.</summary>
    public static bool IsPoison(string title) => title.StartsWith(PoisonMark, StringComparison.Ordinal);

    public string TitleOf(string name) => Random.NextDouble() < PoisonShare ? PoisonMark + name : name;

    public ModelMove MoveOf(Random random)
    {
        if (random.NextDouble() >= _faultShare)
        {
            return ModelMove.None;
        }

        ModelMove move = random.Next(10) == 0 ? AllMoves[random.Next(AllMoves.Length)] : _moves[random.Next(_moves.Length)];
        return Stalls.Contains(move) && random.Next(4) > 0 ? ModelMove.LateAfter : move;
    }

    public T Pick<T>(params ReadOnlySpan<T> values) => values[Random.Next(values.Length)];

    public override string ToString() =>
        $"faults {_faultShare:P0} of [{string.Join(", ", _moves)}], {Pages} pages, poison {PoisonShare:P0}, batch {Options.BatchSize}, concurrency {Options.MaxConcurrency}, " +
        $"attempts {Options.MaxAttempts} of {Options.AttemptTimeout.TotalMilliseconds} ms, deadline {Options.Deadline.TotalMilliseconds} ms, sink {HasSink} failing {SinkFailures:P0}, mixes rules {MixesRules}";
}
