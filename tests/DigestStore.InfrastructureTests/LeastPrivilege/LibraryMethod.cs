using DigestStore.TestSupport;

namespace DigestStore.InfrastructureTests.LeastPrivilege;

/// <summary>A public method that asks something of DynamoDB, how a recording names it, and the roles that are meant to call it.</summary>
/// <param name="Name">The method, or how its work is registered.</param>
/// <param name="Caller">A value of <c>digeststore.operation</c>, or the type or (with a dot at its end) the namespace of the library that asks.</param>
/// <param name="Roles">Logical ids of policies of the template.</param>
internal sealed record LibraryMethod(string Name, string Caller, params string[] Roles)
{
    public const string Reader = "ReaderPolicy";
    public const string Writer = "WriterPolicy";
    public const string Operator = "OperatorPolicy";

    // Pages after the first are asked for in the flow of the loop that reads them, where no call of the library is under way.
    public const string FurtherPages = "DigestStore.DynamoDb.DynamoDbTable";

    public static IReadOnlyList<LibraryMethod> All { get; } =
    [
        new("IDigestRepository.StoreAsync", "store", Writer),
        new("DeadLetterReplay.RunAsync", "replay", Writer),
        new("IDigestRepository.GetAsync", "get", Reader, Writer, Operator),
        new("IDigestRepository.ReadAsync", "read", Reader, Writer, Operator),
        new("IDigestRepository.FindAsync", "find", Reader, Writer, Operator),
        new("IDigestRepository.DeleteAsync", "delete", Writer, Operator),
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
        "DigestRepository.DisposeAsync",
        "DigestRepositoryExtensions.GetStatisticsAsync",
        "FileDeadLetterSink.GetBatchesAsync",
        "FileDeadLetterSink.WriteAsync",
        "IDeadLetterSink.WriteAsync",
        "IDeadLetterSource.GetBatchesAsync",
    ];

    /// <summary>What it asks, by the recording.</summary>
    public IReadOnlyList<TableRequest> Requests => [.. RecordedRequests.Current.Where(Made)];

    /// <summary>Whether a recorded request is its own.</summary>
    public bool Made(TableRequest request) => request.Caller == Caller || (Caller.EndsWith('.') && request.Caller.StartsWith(Caller, StringComparison.Ordinal));
}
