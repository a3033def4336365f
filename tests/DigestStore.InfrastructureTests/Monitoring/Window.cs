namespace DigestStore.InfrastructureTests.Monitoring;

/// <summary>Whole periods, aligned to the clock as CloudWatch aligns them.</summary>
internal sealed record Window(DateTimeOffset Start, int Count, TimeSpan Period)
{
    public IEnumerable<DateTimeOffset> Periods => Enumerable.Range(0, Count).Select(index => Start + (index * Period));

    /// <summary>The last whole periods before a time.</summary>
    public static Window Before(DateTimeOffset end, int count, TimeSpan period) => new(new DateTimeOffset(end.UtcTicks - (end.UtcTicks % period.Ticks), TimeSpan.Zero) - (count * period), count, period);

    public bool Contains(DateTimeOffset at) => at >= Start && at < Start + (Count * Period);

    public DateTimeOffset StartOf(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % Period.Ticks), TimeSpan.Zero);
}
