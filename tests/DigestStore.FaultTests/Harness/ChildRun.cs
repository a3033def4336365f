using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace DigestStore.FaultTests;

/// <summary>Runs a test once more in a process of its own, for settings that .NET or the SDK reads once per process.</summary>
internal static class ChildRun
{
    private const string Marker = "DIGESTSTORE_TEST_CHILD";

    public static bool IsChild => Environment.GetEnvironmentVariable(Marker) is not null;

    /// <summary>Runs the calling test; a variable without a value is taken away.</summary>
    public static Task OfThisTestAsync(Type type, IEnumerable<(string Name, string? Value)> environment, [CallerMemberName] string method = "") =>
        RunAsync(environment, "-method", $"{type.FullName}.{method}");

    private static async Task RunAsync(IEnumerable<(string Name, string? Value)> environment, params string[] filter)
    {
        string host = Environment.ProcessPath!;
        bool isDotnet = Path.GetFileNameWithoutExtension(host) == "dotnet";
        var start = new ProcessStartInfo(host, [.. isDotnet ? [typeof(ChildRun).Assembly.Location] : Array.Empty<string>(), .. filter, "-noLogo", "-noColor"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[Marker] = "1";
        foreach ((string name, string? value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process child = Process.Start(start)!;
        Task<string> errors = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(child.ExitCode == 0, output + await errors);
        Assert.DoesNotContain("Total: 0", output, StringComparison.Ordinal);
    }
}
