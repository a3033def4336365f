using System.Diagnostics;
using DigestStore.TestSupport;

namespace EmailDigest.Tests.Support;

/// <summary>The sample as its user runs it: a process of its own, with its own outputs, signals and exit code.</summary>
internal sealed class SampleProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private SampleProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    public static SampleProcess Start(params string[] args) => StartWith([], args);

    /// <summary>With this folder as the current one, which has what a run leaves when no place is named.</summary>
    public static SampleProcess StartIn(string folder, params string[] args) => StartWith([], args, folder);

    public static SampleProcess StartWith(Dictionary<string, string> environment, params string[] args) => StartWith(environment, args, folder: "");

    private static SampleProcess StartWith(Dictionary<string, string> environment, string[] args, string folder)
    {
        // A script that runs the tests in the background has Ctrl+C ignored, and children inherit that; `env` undoes it and becomes the program.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", "exec", Path.Combine(AppContext.BaseDirectory, "EmailDigest.dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = folder,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        // It lives for some seconds: profiles for code that never gets hot are wasted.
        start.Environment["DOTNET_TieredPGO"] = "0";
        RequestRecording.Attach(start);
        return new SampleProcess(Process.Start(start)!);
    }

    /// <summary>Presses Ctrl+C and waits for the end, which has to come within a second. The time in which the machine stood still does not count.</summary>
    public async Task<Run> StopAsync()
    {
        TimeSpan lost = Standstill.OfThePool.Total;
        long pressed = Stopwatch.GetTimestamp();
        using Process kill = Process.Start("kill", ["-INT", $"{_process.Id}"]);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        TimeSpan took = Stopwatch.GetElapsedTime(pressed);
        lost = Standstill.OfThePool.Total - lost;
        TestContext.Current.TestOutputHelper?.WriteLine($"Ended {took.TotalMilliseconds:N0} ms after Ctrl+C; the machine stood still for {lost.TotalMilliseconds:N0} ms.");
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(1) + lost);
        return await EndAsync();
    }

    /// <summary>Ends when the program does.</summary>
    public Task Ended => _process.WaitForExitAsync(TestContext.Current.CancellationToken);

    /// <summary>kill -9: the program does not come to say or write anything any more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await Ended;
    }

    public async Task<Run> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Run(_process.ExitCode, await _output, await _error);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }
}
