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
    public static async Task<IReadOnlyList<Report>> RunAsync(string root, Target target, IReadOnlyList<string> folders, int workers, int sample = int.MaxValue, bool again = false)
    {
        string output = Path.Combine(root, "artifacts/mutation");
        string tests = Path.Combine(output, "tests");
        if (Directory.Exists(tests))
        {
            Directory.Delete(tests, recursive: true);
        }

        Say("Building the library and its tests");
        _ = Tool.Run("dotnet", "build", target.Tests, "-c", "Release", "-v", "quiet", "--nologo");
        Library library = Library.Load(target.Library, Path.Combine(output, "generated"));
        Tool.CopyDirectory(Path.Combine(Path.GetDirectoryName(target.Tests)!, "bin/Release/net10.0"), tests);

        Say($"Writing mutants into {string.Join(", ", folders)}");
        var mutated = new MutatedLibrary(library, folders, sample);
        File.WriteAllBytes(Path.Combine(tests, library.FileName), mutated.Build());
        File.Copy(typeof(Session).Assembly.Location, Path.Combine(tests, Path.GetFileName(typeof(Session).Assembly.Location)), overwrite: true);
        Say($"{mutated.Mutants.Count} mutants; {mutated.Refused} others do not compile");

        var suite = new Suite(Path.Combine(tests, Path.GetFileNameWithoutExtension(target.Tests) + ".dll"), Path.GetFileNameWithoutExtension(library.FileName));
        var equivalents = EquivalentMutants.Read(target.Equivalents);
        string FileOf(string folder) => Path.Combine(output, folder.Replace('/', '.') + ".txt");
        LastRun last = again ? LastRun.Read(folders.Select(FileOf), equivalents) : LastRun.None;
        IReadOnlyList<Report> reports = [];
        await new Campaign(suite, mutated.Mutants, workers, last, outcomes =>
        {
            reports = [.. folders.Select(folder => new Report(
                folder, [.. outcomes.Where(outcome => outcome.Mutant.IsIn(folder)).OrderBy(outcome => outcome.Mutant.Id)], mutated.Mutants.Count(mutant => mutant.IsIn(folder)), equivalents))];
            foreach ((string folder, Report report) in folders.Zip(reports))
            {
                report.Write(FileOf(folder));
            }
        }).RunAsync();
        Say($"Every mutant: {string.Join(", ", folders.Select(folder => Path.GetRelativePath(root, FileOf(folder))))}");
        return reports;
    }

    private static void Say(string what) => Console.Error.WriteLine($"==> {what}");
}
