using System.Globalization;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

/// <summary><c>powercut.c</c>, compiled: a library that loses what a process has not synced, and kills it.</summary>
public sealed class PowerCut : IDisposable
{
    private const string Source = "tests/DigestStore.FaultTests/Files/powercut.c";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("digeststore-powercut-");
    private string? _library;

    /// <summary>What a process needs in its environment to lose power at one of its writes. Skips the test, and says why, on a machine without a C compiler.</summary>
    /// <param name="path">The beginning of the paths of the files that it happens to.</param>
    /// <param name="seed">Chooses what is left of the writes that were not synced.</param>
    /// <param name="at">At which write or sync.</param>
    /// <param name="isLying">The disk only says that it has synced.</param>
    internal async Task<IReadOnlyList<(string Name, string Value)>> PrepareAsync(string path, int seed, int at, bool isLying)
    {
        _library ??= await CompileAsync();
        (string Name, string Value)[] environment =
        [
            ("LD_PRELOAD", _library),
            ("POWERCUT_PATH", path),
            ("POWERCUT_SEED", seed.ToString(CultureInfo.InvariantCulture)),
            ("POWERCUT_AT", at.ToString(CultureInfo.InvariantCulture)),
        ];
        return isLying ? [.. environment, ("POWERCUT_LIES", "1")] : environment;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<string> CompileAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The writes of a process are followed by a preloaded library, which is done for Linux only.");
        string? compiler = Array.Find(["gcc", "clang"], IsOnPath);
        Assert.SkipWhen(compiler is null, "A power cut needs a C compiler: gcc or clang on PATH, with the C library's files. Install one (Debian: apt-get install gcc libc6-dev), or let ./test.sh do it.");
        string library = Path.Combine(_folder.FullName, "powercut.so");
        (int exitCode, string output) = await DotnetCommand.RunAsync(
            compiler!, ["-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", library, RepositoryFiles.PathOf(Source), "-ldl", "-lpthread"], [], TestContext.Current.CancellationToken);
        Assert.True(exitCode == 0, output);
        return library;
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
