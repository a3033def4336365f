using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

/// <summary>
/// <c>tests/DigestStore.PublishedApp</c>, published and run. Everything that is built lies in a folder of its own, so that no other build
/// of this checkout meets it; the second publication takes over what of the first is the same.
/// </summary>
public sealed partial class PublishedApplication : IDisposable
{
    private const string Project = "tests/DigestStore.PublishedApp";
    private const string NoLinker = "Native AOT needs a linker: clang or gcc on PATH, with the C library's files. Install one (Debian: apt-get install gcc libc6-dev), or let ./test.sh do it.";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("digeststore-publish-");

    public enum Form
    {
        /// <summary>Self-contained, without the code that nothing calls.</summary>
        Trimmed,

        /// <summary>One native program, without the just-in-time compiler.</summary>
        NativeAot,
    }

    /// <summary>Publishes the application; skips the test, and says why, where this machine has not what that takes.</summary>
    /// <returns>What the compiler said.</returns>
    public async Task<string> PublishAsync(Form form)
    {
        string[] settings = form == Form.Trimmed ? ["--self-contained", "-p:PublishTrimmed=true"] : ["-p:PublishAot=true", .. Linker()];
        (int exitCode, string output) = await DotnetCommand.RunAsync(
            [
                "publish", RepositoryFiles.PathOf(Project), "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, .. settings,
                "--artifacts-path", Path.Combine(_folder.FullName, "build"), "-o", Folder(form), "--nologo", "-v", "minimal",

                // The build that every change must pass has looked at the sources already.
                "-p:RunAnalyzers=false", "-p:EnforceCodeStyleInBuild=false", "-p:TreatWarningsAsErrors=false",
            ],
            TestContext.Current.CancellationToken);

        string missing = string.Join(", ", MissingPackage().Matches(output).Select(match => match.Groups["name"].Value).Distinct());
        Assert.SkipWhen(
            exitCode != 0 && missing.Length > 0,
            $"No package source that NuGet is set up with has what publishing takes: {missing}. Add one that does (dotnet nuget add source), or mirror these packages there.");
        Assert.SkipWhen(exitCode != 0 && output.Contains("crt1.o", StringComparison.Ordinal), NoLinker);
        Assert.True(exitCode == 0, output);
        return output;
    }

    /// <summary>Runs it as <see cref="PublishAsync"/> has left it.</summary>
    /// <returns>The lines that it printed.</returns>
    public async Task<string[]> RunAsync(Form form, IEnumerable<(string Name, string? Value)> environment)
    {
        string program = Path.Combine(Folder(form), "DigestStore.PublishedApp" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        (int exitCode, string output) = await DotnetCommand.RunAsync(
            program, [], [.. environment, ("DeadLetters", Path.Combine(_folder.FullName, "letters", form.ToString())), ("File", Path.Combine(_folder.FullName, "files", $"{form}.db"))], TestContext.Current.CancellationToken);
        Assert.True(exitCode == 0, output);
        return output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    // The compiler looks for clang alone; gcc does as well. Elsewhere the linker comes with Xcode or Visual Studio.
    private static string[] Linker()
    {
        if (!OperatingSystem.IsLinux() || IsOnPath("clang"))
        {
            return [];
        }

        Assert.SkipUnless(IsOnPath("gcc"), NoLinker);
        return ["-p:CppCompilerAndLinker=gcc"];
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    private string Folder(Form form) => Path.Combine(_folder.FullName, form.ToString());

    // NU1101: no source has it. NU1102: none has this version.
    [GeneratedRegex(@"error NU110[12]: Unable to find package (?<name>(Microsoft\.(NETCore\.App|NET\.ILLink|DotNet\.ILCompiler)|runtime\.)[A-Za-z0-9.\-]*[A-Za-z0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex MissingPackage();
}
