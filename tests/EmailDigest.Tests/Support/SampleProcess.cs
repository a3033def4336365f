using System.Diagnostics;

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

    public static SampleProcess Start(params string[] args)
    {
        // A script that runs the tests in the background has Ctrl+C ignored, and children inherit that; `env` undoes it and becomes the program.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", "exec", Path.Combine(AppContext.BaseDirectory, "EmailDigest.dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        return new SampleProcess(Process.Start(start)!);
    }

    /// <summary>Presses Ctrl+C.</summary>
    public void Stop()
    {
        using Process kill = Process.Start("kill", ["-INT", $"{_process.Id}"]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
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
