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

// One run, from the build to the report on each folder.
internal static class Session
{
    public static async Task<IReadOnlyList<Report>> RunAsync(string root, Target target, IReadOnlyList<string> folders, int workers, int sample = int.MaxValue)
    {
        string output = Path.Combine(root, "artifacts/mutation");
        string tests = Path.Combine(output, "tests");
        if (Directory.Exists(tests))
        {
            Directory.Delete(tests, recursive: true);
        }

        Say("Building the library and its tests");
        _ = Tool.Run("dotnet", "build", target.Tests, "-c", "Release", "-v", "quiet", "--nologo", "-p:RunAnalyzers=false", "-p:EnforceCodeStyleInBuild=false");
        Library library = Library.Load(target.Library, Path.Combine(output, "generated"));
        Tool.CopyDirectory(Path.Combine(Path.GetDirectoryName(target.Tests)!, "bin/Release/net10.0"), tests);

        Say($"Writing mutants into {string.Join(", ", folders)}");
        var mutated = new MutatedLibrary(library, folders, sample);
        File.WriteAllBytes(Path.Combine(tests, library.FileName), mutated.Build());
        File.Copy(typeof(Session).Assembly.Location, Path.Combine(tests, Path.GetFileName(typeof(Session).Assembly.Location)), overwrite: true);
        Say($"{mutated.Mutants.Count} mutants; {mutated.Refused} others do not compile");

        var suite = new Suite(Path.Combine(tests, Path.GetFileNameWithoutExtension(target.Tests) + ".dll"), Path.GetFileNameWithoutExtension(library.FileName));
        IReadOnlyList<Outcome> outcomes = await new Campaign(suite, mutated.Mutants, workers).RunAsync();
        List<Report> reports = [];
        foreach (string folder in folders)
        {
            var report = new Report(folder, [.. outcomes.Where(outcome => outcome.Mutant.File.StartsWith(folder + "/", StringComparison.Ordinal))], EquivalentMutants.Read(target.Equivalents));
            string file = Path.Combine(output, folder.Replace('/', '.') + ".txt");
            report.Write(file);
            Say($"Every mutant of {folder}: {Path.GetRelativePath(root, file)}");
            reports.Add(report);
        }

        return reports;
    }

    private static void Say(string what) => Console.Error.WriteLine($"==> {what}");
}
