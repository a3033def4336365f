using System.Text.Json;
using DigestStore.TestSupport;

namespace DigestStore.InfrastructureTests.Linters;

/// <summary>A finding that the template keeps, and why.</summary>
internal sealed record AcceptedFinding(string Check, string Resource, string Reason)
{
    public const string Path = "infrastructure/accepted-findings.json";

    public static IReadOnlyList<AcceptedFinding> Load() =>
        JsonSerializer.Deserialize<List<AcceptedFinding>>(RepositoryFiles.TextOf(Path), JsonSerializerOptions.Web)!;
}
