namespace DigestStore.FaultTests;

/// <summary>One delivery of one sender, with everything that it is judged by. All times are those of the world.</summary>
internal sealed class SendRun
{
    public required int Number { get; init; }

    public required ScheduleClock Clock { get; init; }

    public required DeliveryOptions Options { get; init; }

    public required IReadOnlyList<DigestItem> Items { get; init; }

    public required SendPlan Plan { get; init; }

    public required TimeSpan StartedAt { get; init; }

    public string? Token { get; set; }

    /// <summary>When the table granted the lease: more than once where a delayed request came after the end.</summary>
    public List<TimeSpan> Grants { get; } = [];

    /// <summary>When a lease that had ended was renewed, because nobody had taken the day over.</summary>
    public List<TimeSpan> Revivals { get; } = [];

    public long Fence { get; set; }

    /// <summary>When the lease ends by its holder's clock, as it is in the table.</summary>
    public TimeSpan LeaseEnd { get; set; }

    /// <summary>When the lease ended before its time: by its holder's own word, by an operator or with the day.</summary>
    public TimeSpan? ReleasedAt { get; set; }

    /// <summary>When its delivery was recorded in the header.</summary>
    public TimeSpan? CompletedAt { get; private set; }

    public TimeSpan? ConfirmedAt { get; set; }

    /// <summary>The announcement is in the table, and the sender knows it.</summary>
    public bool IsAnnounced { get; set; }

    /// <summary>Something happened to one of its requests.</summary>
    public bool IsHarmed { get; set; }

    /// <summary>The delegate was called.</summary>
    public TimeSpan? HandedAt { get; set; }

    public DeliveryAttempt? Attempt { get; set; }

    /// <summary>The mail server has the email.</summary>
    public TimeSpan? SentAt { get; private set; }

    public TimeSpan GrantedBeforeSend => Grants.FindLast(grant => grant <= SentAt);

    /// <summary>Which life of the day it was sent in: a deleted day that is stored again has another one.</summary>
    public int Life { get; private set; }

    /// <summary>The life of the day in which it was recorded: the letter of an email that was sent before may be replayed after a deletion.</summary>
    public int RecordedLife { get; private set; }

    /// <summary>It was sent although its lease was over: its sender stood still when it should have stopped, or its delegate did not stop.</summary>
    public bool WasSentLate { get; private set; }

    /// <summary>The caller gave the delivery up.</summary>
    public bool IsCanceled { get; set; }

    public bool IsFailureKnown { get; set; }

    public DeliveryResult? Result { get; set; }

    /// <summary>A replay has recorded it from its letter.</summary>
    public bool IsReplayed { get; set; }

    // Its letter was replayed, whoever has the day.
    public bool IsRemembered { get; set; }

    public TimeSpan? EndedAt { get; set; }

    public bool IsProtected => Attempt is { IsProtected: true };

    public IEnumerable<string> Urls => Items.Select(static item => item.Url);

    public void Complete(TimeSpan now, int life)
    {
        (CompletedAt, RecordedLife) = CompletedAt is null ? (now, life) : (CompletedAt, RecordedLife);
    }

    public void Send(TimeSpan now, int life)
    {
        TimeSpan stop = ReleasedAt is { } released && released < LeaseEnd - Options.ClockSkewAllowance ? released : LeaseEnd - Options.ClockSkewAllowance;
        (SentAt, Life, WasSentLate) = (now, life, now > stop && (!Plan.HeedsToken || Clock.WasPausedAround(stop, now)));
    }

    public override string ToString() => $"delivery {Number} (clock {Clock.Offset.TotalSeconds:+0;-0;0} s; {Plan})";
}
