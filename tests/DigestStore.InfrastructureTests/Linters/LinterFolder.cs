using System.Diagnostics;
using System.Runtime.InteropServices;
using DigestStore.TestSupport;

namespace DigestStore.InfrastructureTests.Linters;

/// <summary>The linters that <c>./test.sh</c> fetches.</summary>
internal sealed class LinterFolder
{
    /// <summary>The folder that has the <c>node_modules</c> of <c>tests/linters</c>.</summary>
    public const string Variable = "DIGESTSTORE_LINTERS";

    private readonly string _folder;

    private LinterFolder(string folder) => _folder = folder;

    private string Modules => Path.Combine(_folder, "node_modules");

    // Guard's release calls every Linux binary Ubuntu's.
    private string Guard => Path.Combine(
        Modules,
        "@cdklabs/cdk-validator-cfnguard/bin",
        OperatingSystem.IsMacOS() ? "macos" : "ubuntu",
        RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "aarch64" : "x86_64",
        "cfn-guard");

    /// <summary>Skips the test when nobody has fetched the linters.</summary>
    public static LinterFolder FindOrSkip()
    {
        string folder = Environment.GetEnvironmentVariable(Variable) ?? string.Empty;
        Assert.SkipWhen(folder.Length == 0, $"This test needs the linters of tests/linters, and {Variable} is not set. Run ./test.sh, or run 'npm ci' there and set {Variable} to that folder.");
        return new LinterFolder(folder);
    }

    /// <summary>Runs a script of <c>tests/linters</c> and returns what it printed.</summary>
    public Task<string> RunScriptAsync(string script, IEnumerable<string> arguments) => RunAsync("node", [RepositoryFiles.PathOf($"tests/linters/{script}"), .. arguments], 0);

    /// <summary>Runs cfn-guard with the rules of <c>infrastructure/rules</c> and returns what it printed.</summary>
    public Task<string> RunGuardAsync(IEnumerable<string> templates) =>
        RunAsync(Guard, ["validate", "--structured", "--output-format", "json", "--show-summary", "none", "--rules", RepositoryFiles.PathOf("infrastructure/rules"), "--data", .. templates], 19);

    private async Task<string> RunAsync(string program, IEnumerable<string> arguments, int findingsExitCode)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NODE_PATH"] = Modules;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 || process.ExitCode == findingsExitCode
            ? output
            : throw new InvalidOperationException($"{program} ended with exit code {process.ExitCode}: {await errors}");
    }
}
