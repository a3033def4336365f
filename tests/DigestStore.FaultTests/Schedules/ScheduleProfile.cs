namespace DigestStore.FaultTests;

/// <summary>What the seed makes of one schedule: how the clocks differ, how the table behaves, who else is at work.</summary>
internal sealed class ScheduleProfile
{
    public const int Senders = 3;
    public const int Pages = 12;

    private static readonly UpdateKind[] Kinds = Enum.GetValues<UpdateKind>();
    private static readonly double[] FaultShares = [0, 0.03, 0.1, 0.25];

    public ScheduleProfile(int seed, UpdateKind? focus)
    {
        Seed = seed;
        Random = new Random(seed);
        DoClocksAgree = Random.Next(3) > 0;
        FaultShare = FaultShares[Random.Next(FaultShares.Length)];
        IsSlow = Random.Next(4) == 0;
        Lease = TimeSpan.FromSeconds(Random.Next(3) == 0 ? 120 : 300);
        MaxAttempts = Random.Next(3) == 0 ? 2 : 5;
        Retention = Random.Next(3) == 0 ? TimeSpan.FromSeconds(Random.Next(300, 1_500)) : null;
        HasOperator = Random.Next(3) == 0;
        Forces = HasOperator && Random.Next(3) == 0;
        HasDeletion = Random.Next(4) == 0;
        UpdateKind some = Kinds[Random.Next(Kinds.Length)];
        Focus = focus ?? (Random.Next(2) == 0 ? some : null);
        ReadDeadline = Random.Next(4) == 0 ? TimeSpan.FromSeconds(60) : DigestStoreDefaults.ReadDeadline;
    }

    public int Seed { get; }

    public Random Random { get; }

    /// <summary>No two clocks differ by more than the allowance. Otherwise each is off by up to 60 s.</summary>
    public bool DoClocksAgree { get; }

    /// <summary>The share of the requests that something happens to.</summary>
    public double FaultShare { get; }

    /// <summary>Answers take up to seconds.</summary>
    public bool IsSlow { get; }

    public TimeSpan Lease { get; }

    public TimeSpan Allowance { get; } = TimeSpan.FromSeconds(30);

    public TimeSpan MaxSend { get; } = TimeSpan.FromMinutes(10);

    public int MaxAttempts { get; }

    /// <summary>After this time, what was stored expires. Null: never.</summary>
    public TimeSpan? Retention { get; }

    public bool HasOperator { get; }

    /// <summary>The operator decides while senders hold the lease, so that a second email is possible.</summary>
    public bool Forces { get; }

    public bool HasDeletion { get; }

    /// <summary>The longest time that a sender may keep others from sending, by the clocks of all.</summary>
    public TimeSpan LongestHold => MaxSend + Lease + Allowance;

    /// <summary>The kind of update that comes late or from a process that stands still more often than others do.</summary>
    public UpdateKind? Focus { get; }

    /// <summary>How long a step of a delivery may take. Two of them can use up a short lease.</summary>
    public TimeSpan ReadDeadline { get; }

    public override string ToString() =>
        $"seed {Seed}: clocks {(DoClocksAgree ? "agree" : "off by up to 60 s")}, faults {FaultShare}, {(IsSlow ? "slow" : "fast")}, lease {Lease}, steps {ReadDeadline.TotalSeconds:0} s, attempts {MaxAttempts}, retention {Retention?.ToString() ?? "none"}, focus {Focus?.ToString() ?? "none"}";
}

/// <summary>What one sender does at one delivery.</summary>
internal sealed record SendPlan
{
    public required TimeSpan PauseBefore { get; init; }

    public required TimeSpan TimeBefore { get; init; }

    public required TimeSpan TimeAfter { get; init; }

    public required bool SavesCheckpoint { get; init; }

    public required bool HeedsToken { get; init; }

    public required bool CrashesBefore { get; init; }

    public required bool CrashesAfter { get; init; }

    /// <summary>The failure that the mail server reports. Null: it accepts the email.</summary>
    public required DeliveryFailureKind? Failure { get; init; }

    /// <summary>The mail server accepts the email, and its answer is lost.</summary>
    public required bool LosesReceipt { get; init; }

    public static SendPlan Next(Random random, TimeSpan lease) => new()
    {
        PauseBefore = random.Next(6) == 0 ? lease * (random.NextDouble() * 2) : TimeSpan.Zero,
        TimeBefore = Time(random, lease),
        TimeAfter = random.Next(5) == 0 ? Time(random, lease) : TimeSpan.Zero,
        SavesCheckpoint = random.Next(4) == 0,
        HeedsToken = random.Next(10) > 0,
        CrashesBefore = random.Next(14) == 0,
        CrashesAfter = random.Next(10) == 0,
        Failure = random.Next(10) switch
        {
            < 3 => DeliveryFailureKind.Retry,
            3 => random.Next(3) == 0 ? DeliveryFailureKind.Permanent : DeliveryFailureKind.Retry,
            _ => null,
        },
        LosesReceipt = random.Next(8) == 0,
    };

    public override string ToString() =>
        $"{(PauseBefore > TimeSpan.Zero ? $"pause {PauseBefore.TotalSeconds:0} s, " : "")}{TimeBefore.TotalSeconds:0} s, {(CrashesBefore ? "crash, " : "")}{Failure?.ToString() ?? "accepted"}{(CrashesAfter ? ", crash" : "")}, {TimeAfter.TotalSeconds:0} s{(LosesReceipt ? ", receipt lost" : "")}{(HeedsToken ? "" : ", heeds no token")}";

    private static TimeSpan Time(Random random, TimeSpan lease) => random.Next(4) switch
    {
        0 => lease * (random.NextDouble() * 2.5),
        1 => TimeSpan.FromSeconds(random.Next(1, 60)),
        _ => TimeSpan.FromMilliseconds(random.Next(1, 5_000)),
    };
}
