using System.Diagnostics;

namespace Mutate;

// The library that is changed, the tests that should notice, and the list of what none can notice.
internal sealed record Target(string Library, string Tests, string Equivalents)
{
    public static Target DigestStore(string root) => new(
        Path.Combine(root, "src/DigestStore/DigestStore.csproj"),
        Path.Combine(root, "tests/DigestStore.UnitTests/DigestStore.UnitTests.csproj"),
        Path.Combine(root, "eng/mutants-equivalent.txt"));
}

// One run on one folder, from the build to the report.
internal static class Session
{
    public static async Task<Report> RunAsync(string root, Target target, string folder, int workers, int every = 1)
    {
        folder = folder.Trim('/');
        string output = Path.Combine(root, "artifacts/mutation", folder.Length == 0 ? "all" : folder);
        if (Directory.Exists(output))
        {
            Directory.Delete(output, recursive: true);
        }

        Say("Building the library and its tests");
        _ = Tool.Run("dotnet", "build", target.Tests, "-c", "Release", "-v", "quiet", "--nologo", "-p:RunAnalyzers=false", "-p:EnforceCodeStyleInBuild=false");
        Library library = Library.Load(target.Library, Path.Combine(output, "generated"));
        string name = Path.GetFileNameWithoutExtension(target.Tests);
        string tests = Path.Combine(output, "tests");
        Tool.CopyDirectory(Path.Combine(Path.GetDirectoryName(target.Tests)!, "bin/Release/net10.0"), tests);

        Say($"Writing mutants into {folder}");
        var mutated = new MutatedLibrary(library, folder);
        File.WriteAllBytes(Path.Combine(tests, library.FileName), mutated.Build());
        File.Copy(typeof(Session).Assembly.Location, Path.Combine(tests, Path.GetFileName(typeof(Session).Assembly.Location)), overwrite: true);
        Say($"{mutated.Mutants.Count} mutants; {mutated.Refused} others do not compile");

        var suite = new Suite(Path.Combine(tests, name + ".dll"), Path.GetFileNameWithoutExtension(library.FileName));
        var campaign = new Campaign(suite, mutated.Mutants, folder, workers, every);
        IReadOnlyList<Outcome> outcomes = await campaign.RunAsync();
        var report = new Report(folder, outcomes, EquivalentMutants.Read(target.Equivalents));
        report.Write(Path.Combine(output, "report.txt"));
        Say($"Every mutant: {Path.GetRelativePath(root, Path.Combine(output, "report.txt"))}");
        return report;
    }

    private static void Say(string what) => Console.Error.WriteLine($"==> {what}");
}
