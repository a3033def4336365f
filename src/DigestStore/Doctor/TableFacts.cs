using Amazon.DynamoDBv2.Model;

namespace DigestStore.Doctor;

// What an inspection has learnt; checks read it and ask nothing themselves.
internal sealed record TableFacts
{
    public required DigestStoreOptions Options { get; init; }

    public required Answer<TableDescription> Table { get; init; }

    public required Answer<TimeToLiveDescription> TimeToLive { get; init; }

    public required Answer<ContinuousBackupsDescription> Backups { get; init; }

    // Those whose delivery is pending, the newest first.
    public required Answer<IReadOnlyList<SampledRecord>> Headers { get; init; }

    // The first records of each of the last days, the newest day first.
    public required IReadOnlyList<Answer<IReadOnlyList<SampledRecord>>> Days { get; init; }

    // How far this machine's clock is ahead of DynamoDB's, at the least; negative where it is behind. Null: no answer told the time.
    public required TimeSpan? ClockOffset { get; init; }

    // Every record that was seen, once: a header may come both ways.
    public IEnumerable<SampledRecord> Sample =>
        Days.Prepend(Headers).SelectMany(static answer => answer.Value ?? []).DistinctBy(static record => (record.Date, record.SortKey));

    public Verdict OfTable(Func<TableDescription, Verdict> judge) => Of(Table, judge);

    public Verdict Of<T>(Answer<T> answer, Func<T, Verdict> judge)
        where T : class => answer.Value is { } value ? judge(value) : WithoutAnswer(answer.Failure!);

    // Of all the days the first failure counts, since they have one cause nearly always.
    public Verdict OfDays(Func<Verdict> judge) =>
        Days.FirstOrDefault(static answer => answer.Failure is not null)?.Failure is { } failure ? WithoutAnswer(failure) : judge();

    // A cause is told once, by the check `table`; only what that check does not know of is a problem of its own.
    private Verdict WithoutAnswer(NoAnswer failure) => failure switch
    {
        _ when Table.Failure is not null => Verdict.NotKnown($"It was not learnt: the check {TableCheck.TableName} says why."),
        { IsUnknownOperation: true } => Verdict.NotKnown(failure.Finding),
        { IsRefusal: true } => Verdict.NotKnown($"{failure.Finding} The checks {TableCheck.KeysName} and {TableCheck.IndexName} say why."),
        _ => Verdict.Problem(failure.Finding, failure.Remedy),
    };
}

// An answer, or why there is none.
internal sealed record Answer<T>(T? Value, NoAnswer? Failure = null)
    where T : class;

// What is looked at of a record: nothing that anybody wrote in it.
internal sealed record SampledRecord(DateOnly? Date, string SortKey, bool IsNewer, string? Version, string? LastStoreStatus, string? LastRunId);
