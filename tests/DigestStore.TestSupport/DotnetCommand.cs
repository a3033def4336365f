using System.Diagnostics;

namespace DigestStore.TestSupport;

/// <summary>Runs <c>dotnet</c>, or a program that it has made, to its end.</summary>
public static class DotnetCommand
{
    // Under a test runner or a continuous integration build these point to its own build server, settings or profiler.
    private static readonly (string Name, string? Value)[] Settings =
    [
        ("MSBUILDDISABLENODEREUSE", "1"),
        ("DOTNET_CLI_USE_MSBUILD_SERVER", "0"),
        ("UseSharedCompilation", "false"),
        ("DOTNET_CLI_UI_LANGUAGE", "en"),
        ("MSBUILD_EXE_PATH", null),
        ("MSBuildExtensionsPath", null),
        ("MSBuildSDKsPath", null),
        ("MSBuildLoadMicrosoftTargetsReadOnly", null),
    ];

    /// <summary>Runs a command of the SDK.</summary>
    /// <param name="arguments">The command and its arguments.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <returns>Its exit code, and all that it printed.</returns>
    public static Task<(int ExitCode, string Output)> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        RunAsync(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet", arguments, Settings, cancellationToken);

    /// <summary>Runs a program.</summary>
    /// <param name="program">Its path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables that differ from those of this process; <see langword="null"/> for one that it shall not have.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <returns>Its exit code, and all that it printed.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string program, IEnumerable<string> arguments, IEnumerable<(string Name, string? Value)> environment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string? value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
            string output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
