using DigestStore.TestSupport;

namespace DigestStore.InfrastructureTests.LeastPrivilege;

/// <summary>What the library asks of DynamoDB: as the other test projects of this run have recorded it, or else as it is committed.</summary>
internal static class RecordedRequests
{
    public const string Path = "tests/DigestStore.InfrastructureTests/LeastPrivilege/requests.txt";

    /// <summary>Set to 1 to write the committed recording and the page anew instead of comparing them.</summary>
    public const string UpdateVariable = "DIGESTSTORE_UPDATE_DOCS";

    // This project runs last, and what its own tests ask for is not complete while it reads.
    private static readonly string OwnFiles = $"{typeof(RecordedRequests).Assembly.GetName().Name}-";

    public static bool MayUpdate { get; } = Environment.GetEnvironmentVariable(UpdateVariable) == "1";

    // Of these processes a recording is expected when there is to be one at all.
    private static readonly string[] Recorders = ["DigestStore.ContractTests", "DigestStore.FaultTests", "DigestStore.FaultTests.Child", "DigestStore.UnitTests", "EmailDigest.Tests"];

    /// <summary>Of the other test projects; null where nothing is to be recorded: a direct run of this project, or a filtered one of all.</summary>
    public static IReadOnlyList<string>? Files { get; } = FilesIn(Environment.GetEnvironmentVariable(RequestRecording.DirectoryVariable));

    public static IReadOnlyList<TableRequest> Recorded { get; } = Read((Files ?? []).SelectMany(File.ReadLines));

    public static IReadOnlyList<TableRequest> Committed => Read(RepositoryFiles.TextOf(Path).Split('\n'));

    public static IReadOnlyList<TableRequest> Current { get; } = Files is null ? Committed : Recorded;

    /// <summary>The recordings in a directory; null if none was asked for, and empty if one was and nobody has written there.</summary>
    public static IReadOnlyList<string>? FilesIn(string? directory) => (string.IsNullOrEmpty(directory), Directory.Exists(directory)) switch
    {
        (true, _) => null,
        (_, false) => [],
        _ => [.. Directory.GetFiles(directory!, $"*{TableRequest.FileExtension}").Where(static file => !System.IO.Path.GetFileName(file).StartsWith(OwnFiles, StringComparison.Ordinal))],
    };

    /// <summary>The processes that should have recorded and have not.</summary>
    public static IEnumerable<string> Silent(IReadOnlyList<string>? files) =>
        files is null ? [] : Recorders.Where(process => !files.Any(file => System.IO.Path.GetFileName(file).StartsWith($"{process}-", StringComparison.Ordinal)));

    public static void Commit() => File.WriteAllText(RepositoryFiles.PathOf(Path), string.Concat(Recorded.Select(static request => $"{request}\n")));

    private static IReadOnlyList<TableRequest> Read(IEnumerable<string> lines) =>
        [.. lines.Where(static line => line.Length > 0).Select(TableRequest.Parse).Distinct().OrderBy(static request => request.ToString(), StringComparer.Ordinal)];
}
