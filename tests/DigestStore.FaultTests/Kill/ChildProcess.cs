using System.Diagnostics;
using DigestStore.FaultTests.Child;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

/// <summary>A job in a process of its own that is there to be killed.</summary>
internal sealed class ChildProcess : IDisposable
{
    private const int SigTerm = 15;
    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public static Task<ChildProcess> StartAsync(params string[] arguments) => StartAsync([], arguments);

    public static async Task<ChildProcess> StartAsync(IReadOnlyList<(string Name, string Value)> environment, params string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "DigestStore.FaultTests.Child.dll");
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", [program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        // It lives for a second: profiles for code that never gets hot are wasted.
        start.Environment["DOTNET_TieredPGO"] = "0";
        RequestRecording.Attach(start);
        var child = new ChildProcess(Process.Start(start)!);
        Assert.Equal(Signals.Ready, await child.ReadAsync());
        return child;
    }

    /// <summary>Its next word; null when it has ended.</summary>
    public async Task<string?> ReadAsync() => await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>The last two lines that it says: how the store ended, and whether an exception was left unobserved.</summary>
    public async Task<(string End, string Unobserved)> ReadEndAsync()
    {
        (string End, string Unobserved) last = ("", "");
        while (await ReadAsync() is { } line)
        {
            last = (last.Unobserved, line);
        }

        return last;
    }

    /// <summary>kill -9 after its <paramref name="signals"/>th word, or when it has ended.</summary>
    public async Task KillAfterAsync(int signals)
    {
        for (int heard = 0; heard < signals && await ReadAsync() is not null; heard++)
        {
        }

        await KillAsync();
    }

    /// <summary>kill -9 now. What it has said before can still be read.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async Task TellAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
    }

    public async Task TerminateAsync()
    {
        using Process kill = Process.Start("kill", [$"-{SigTerm}", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
