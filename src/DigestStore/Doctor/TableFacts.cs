using Amazon.DynamoDBv2.Model;
using DigestStore.Records;

namespace DigestStore.Doctor;

// What an inspection has learnt. Checks read it and send no requests themselves.
internal sealed record TableFacts
{
    public required DigestStoreOptions Options { get; init; }

    public required Answer<TableDescription> Table { get; init; }

    public required Answer<TimeToLiveDescription> TimeToLive { get; init; }

    public required Answer<ContinuousBackupsDescription> Backups { get; init; }

    // The headers of the days whose delivery is pending, the newest first.
    public required Answer<IReadOnlyList<SampledRecord>> Headers { get; init; }

    // The headers of the days that are being sent or deleted, as far as the index says so, and of those that were given up, the newest first.
    public required Answer<IReadOnlyList<SampledRecord>> Sending { get; init; }

    public required Answer<IReadOnlyList<SampledRecord>> Deleting { get; init; }

    public required Answer<IReadOnlyList<SampledRecord>> Abandoned { get; init; }

    // The manifests of the last TableInspection.MaxDays days, without their ids.
    public required Answer<IReadOnlyList<SampledRecord>> Manifests { get; init; }

    public required DateTimeOffset Now { get; init; }

    // The first records of each of the last TableInspection.MaxDays days, the newest day first.
    public required IReadOnlyList<Answer<IReadOnlyList<SampledRecord>>> Days { get; init; }

    // How far this machine's clock is at least ahead of DynamoDB's; negative if it is behind, null if no answer told the time.
    public required TimeSpan? ClockOffset { get; init; }

    // Each record counts once, although a header may come both from the index and from its day.
    public IEnumerable<SampledRecord> Sample =>
        Days.Prepend(Headers).SelectMany(static answer => answer.Value ?? []).DistinctBy(static record => (record.Date, record.SortKey));

    public Verdict OfTable(Func<TableDescription, Verdict> judge) => Of(Table, judge);

    public Verdict Of<T>(Answer<T> answer, Func<T, Verdict> judge)
        where T : class => answer.Value is { } value ? judge(value) : WithoutAnswer(answer.Failure!);

    // Only the first failure is reported, because all the days nearly always fail for the same cause.
    public Verdict OfDays(Func<Verdict> judge) =>
        Days.FirstOrDefault(static answer => answer.Failure is not null)?.Failure is { } failure ? WithoutAnswer(failure) : judge();

    // The check `table` reports why the table cannot be reached. The other checks refer to it, so that one cause is reported once; only a
    // failure that it does not explain is a problem of its own.
    private Verdict WithoutAnswer(AnswerFailure failure) => failure switch
    {
        _ when Table.Failure is not null => Verdict.NotKnown($"It was not learnt: the check {TableCheck.TableName} says why."),
        { IsUnknownOperation: true } => Verdict.NotKnown(failure.Finding),
        { IsRefusal: true } => Verdict.NotKnown($"{failure.Finding} The checks {TableCheck.KeysName} and {TableCheck.IndexName} say why."),
        _ => Verdict.Problem(failure.Finding, failure.Remedy),
    };
}

// The answer to a request, or why there is none.
internal sealed record Answer<T>(T? Value, AnswerFailure? Failure = null)
    where T : class;

// The attributes of a record that the checks need. None of them is content that a user has written.
internal sealed record SampledRecord
{
    public DateOnly? Date { get; init; }

    public required string SortKey { get; init; }

    public bool IsNewer { get; init; }

    public string? Version { get; init; }

    public string? LastStoreStatus { get; init; }

    public string? LastRunId { get; init; }

    public string? IdRules { get; init; }

    public string? Status { get; init; }

    public string? Fence { get; init; }

    public DateTimeOffset? LeaseUntil { get; init; }

    // Of a manifest.
    public string? State { get; init; }

    public int Parts { get; init; } = 1;

    public bool IsHeader => string.Equals(SortKey, RecordKeys.Header, StringComparison.Ordinal);

    public bool Is(DeliveryStatus status) => IsHeader && !IsNewer && string.Equals(Status, HeaderStatus.TextOf(status), StringComparison.Ordinal);
}
