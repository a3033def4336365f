using DigestStore.TestSupport;

namespace DigestStore.InfrastructureTests.LeastPrivilege;

/// <summary>A public method that asks something of DynamoDB, how a recording names it, and the roles that are meant to call it.</summary>
/// <param name="Name">The method, or how its work is registered. Words in brackets tell apart what its overloads ask for.</param>
/// <param name="Caller">A value of <c>digeststore.operation</c>, or the type or (with a dot at its end) the namespace of the library that asks.</param>
/// <param name="Roles">Logical ids of policies of the template.</param>
internal sealed record LibraryMethod(string Name, string Caller, params string[] Roles)
{
    public const string Reader = "ReaderPolicy";
    public const string Writer = "WriterPolicy";
    public const string Operator = "OperatorPolicy";

    // Pages after the first are asked for in the flow of the loop that reads them, where no call of the library is under way.
    public const string FurtherPages = "DigestStore.DynamoDb.DynamoDbTable";

    private const string StatusIndex = "index/by-status";

    public static IReadOnlyList<LibraryMethod> All { get; } =
    [
        new("IDigestRepository.StoreAsync", "store", Writer),
        new("DeadLetterReplay.RunAsync", "replay", Writer),
        new("IDigestRepository.GetAsync", "get", Reader, Writer, Operator),
        new("IDigestRepository.ReadAsync", "read", Reader, Writer, Operator),
        new("IDigestRepository.FindAsync", "find", Reader, Writer, Operator),
        new("IDigestRepository.DeleteAsync", "delete", Writer, Operator),
        new("IDigestDelivery.DeliverAsync", "deliver", Writer),
        new("IDigestDelivery.AcquireAsync", "acquire", Writer),
        new("IDigestDelivery.AnnounceAsync", "announce", Writer),
        new("IDigestDelivery.RenewAsync", "renew", Writer),
        new("IDigestDelivery.CompleteAsync", "complete", Writer),
        new("IDigestDelivery.FailAsync", "fail", Writer),
        new("IDigestDelivery.GetDeliveryAsync", "delivery", Reader, Writer, Operator),
        new("IDigestDelivery.ResolveAsync", "resolve", Writer, Operator),
        new("IDigestHistory.FindSentAsync", "find_sent", Reader, Writer, Operator),
        new("IDigestHistory.ExceptRecentlySentAsync", "find_sent", Reader, Writer, Operator),
        new("IDigestHistory.ListDaysAsync (of a range)", "list_days", Reader, Writer, Operator) { IsMade = static request => request.Resource != StatusIndex },
        new("IDigestHistory.ListDaysAsync (by status)", "list_days", Reader, Operator) { IsMade = static request => request.Resource == StatusIndex },
        new("IDigestHistory.ReadDaysAsync", "read_days", Reader, Writer, Operator),
        new("IDigestHistory.FindAllAsync", "find_all", Reader, Writer, Operator),
        new("IDigestHistory.GetStatisticsAsync", "statistics", Reader, Writer, Operator),
        new("IDigestHistory.DeleteDayAsync", "delete_day", Writer, Operator),
        new("DigestCopy.RunAsync (the source)", "copy_from", Reader, Writer, Operator),
        new("DigestCopy.RunAsync (the target)", "copy_to", Writer, Operator),
        new("IHealthChecksBuilder.AddDigestStore", "probe", Reader, Writer, Operator),
        new("DigestTableDoctor.InspectAsync", "DigestStore.Doctor.", Operator),
        new("DigestTable.EnsureCreatedAsync", "DigestStore.DigestTable"),
    ];

    /// <summary>Asynchronous methods that ask nothing of DynamoDB, or only through one of <see cref="All"/>.</summary>
    public static IReadOnlyList<string> WithoutRequests { get; } =
    [
        "CloudWatchMetrics.DisposeAsync",
        "DeadLetterBatch.DisposeAsync",
        "DeadLetterBatch.ReadAsync",
        "DeadLetterBatch.SettleAsync",
        "DeadLetterBatch.TryClaimAsync",
        "DeliveryAttempt.SaveCheckpointAsync",
        "DigestRepositoryBase.DisposeAsync",
        "DigestRepositoryExtensions.GetStatisticsAsync",
        "FileDeadLetterSink.GetBatchesAsync",
        "FileDeadLetterSink.WriteAsync",
        "IDeadLetterSink.WriteAsync",
        "IDeadLetterSource.GetBatchesAsync",
    ];

    /// <summary>Which of the requests of its caller are its own; all of them, unless a method has overloads that ask for different things.</summary>
    public Func<TableRequest, bool> IsMade { get; init; } = static _ => true;

    /// <summary>Type and member, without the words that tell overloads apart.</summary>
    public string Member => Name.Split(' ')[0];

    /// <summary>What it asks, by the recording.</summary>
    public IReadOnlyList<TableRequest> Requests => [.. RecordedRequests.Current.Where(Made)];

    /// <summary>Whether a recorded request is its own.</summary>
    public bool Made(TableRequest request) => IsMade(request) && (request.Caller == Caller || (Caller.EndsWith('.') && request.Caller.StartsWith(Caller, StringComparison.Ordinal)));
}
