using System.Text.Json.Nodes;
using DigestStore.TestSupport;

namespace DigestStore.InfrastructureTests.SupplyChain;

/// <summary>Every project restores what is locked, from whatever source the machine has.</summary>
public sealed class LockFileTests
{
    private const string LockFile = "packages.lock.json";

    // Copies of projects that tools and tests make.
    private static readonly string[] Made = ["bin", "obj", "artifacts", "TestResults", ".cache", ".git"];

    public static TheoryData<string> Projects => [.. Find(new DirectoryInfo(RepositoryFiles.PathOf(""))).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_has_a_lock_file_with_a_hash_of_each_package_and_no_address(string project)
    {
        string path = Path.Combine(RepositoryFiles.PathOf(Path.GetDirectoryName(project)!), LockFile);
        Assert.True(File.Exists(path), $"{project} has no {LockFile}. Restore it (dotnet restore {project}), and commit what that writes.");
        string text = File.ReadAllText(path);

        Assert.DoesNotContain("://", text, StringComparison.Ordinal);
        (string Framework, JsonNode? Packages) = JsonNode.Parse(text)!["dependencies"]!.AsObject().Select(static entry => (entry.Key, entry.Value)).Single();
        Assert.Equal("net10.0", Framework);
        Assert.All(Packages!.AsObject(), package => Assert.True(
            (string?)package.Value!["type"] == "Project" || Convert.FromBase64String((string?)package.Value["contentHash"] ?? "").Length == 64, $"{package.Key} has no hash."));
    }

    [Fact]
    public void The_test_command_and_continuous_integration_restore_what_is_locked() =>
        Assert.All((string[])["test.sh", ".ci/run"], script => Assert.Matches(@"(?m)\bdotnet restore .*DigestStore\.sln""? --locked-mode", RepositoryFiles.TextOf(script)));

    private static IEnumerable<string> Find(DirectoryInfo folder) => folder.EnumerateFiles("*.csproj").Select(static file => Path.GetRelativePath(RepositoryFiles.PathOf(""), file.FullName))
        .Concat(folder.EnumerateDirectories().Where(static inner => !Made.Contains(inner.Name)).SelectMany(Find));
}
