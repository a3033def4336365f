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

    /// <summary>Of the other test projects. None where nothing was recorded: a direct run of this project, or a filtered one of all.</summary>
    public static IReadOnlyList<string> Files { get; } =
        Environment.GetEnvironmentVariable(RequestRecording.DirectoryVariable) is { Length: > 0 } directory && Directory.Exists(directory)
            ? [.. Directory.GetFiles(directory, $"*{TableRequest.FileExtension}").Where(static file => !System.IO.Path.GetFileName(file).StartsWith(OwnFiles, StringComparison.Ordinal))]
            : [];

    public static IReadOnlyList<TableRequest> Recorded { get; } = Read(Files.SelectMany(File.ReadLines));

    public static IReadOnlyList<TableRequest> Committed => Read(RepositoryFiles.TextOf(Path).Split('\n'));

    public static IReadOnlyList<TableRequest> Current { get; } = Recorded.Count > 0 ? Recorded : Committed;

    public static void Commit() => File.WriteAllText(RepositoryFiles.PathOf(Path), string.Concat(Recorded.Select(static request => $"{request}\n")));

    private static IReadOnlyList<TableRequest> Read(IEnumerable<string> lines) =>
        [.. lines.Where(static line => line.Length > 0).Select(TableRequest.Parse).Distinct().OrderBy(static request => request.ToString(), StringComparer.Ordinal)];
}
