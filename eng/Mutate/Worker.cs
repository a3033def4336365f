using System.Diagnostics;
using System.Globalization;

namespace Mutate;

internal sealed record Test(string Id, string Class, string Method)
{
    public string Name => $"{Class}.{Method}";

    public string Namespace => Class[..Class.LastIndexOf('.')];
}

internal enum TestEnd
{
    Passed,
    Failed,
    Skipped,
    TimedOut,
    Crashed,
}

internal sealed record TestRun(TestEnd End, TimeSpan Took, IReadOnlyList<string> Reached);

// A process that runs tests on the mutated library. It is ended when a test hangs.
internal sealed class Worker : IDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(3);

    // The first test of a process also compiles what it uses.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private bool _isWarm;

    private Worker(Process process) => _process = process;

    public List<Test> Tests { get; } = [];

    public bool IsUsable => !_process.HasExited;

    // With `active` the mutant is there from the start: what static initialisers compute is computed with it.
    public static async Task<Worker?> StartAsync(Suite suite, int active = -1, IEnumerable<string>? classes = null)
    {
        string self = Path.Combine(suite.Directory, Path.GetFileName(typeof(Worker).Assembly.Location));
        var start = new ProcessStartInfo("dotnet",
        [
            "exec", "--depsfile", Path.ChangeExtension(suite.Assembly, ".deps.json"), "--runtimeconfig", Path.ChangeExtension(suite.Assembly, ".runtimeconfig.json"),
            self, "worker", suite.Assembly, suite.LibraryName, .. classes ?? [],
        ])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false, WorkingDirectory = suite.Directory,
        };
        start.Environment[SwitchSource.ActiveVariable] = active.ToString(CultureInfo.InvariantCulture);
        // A mutant that allocates for ever ends with its process, not with the machine.
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x80000000";
        start.Environment["DOTNET_TieredPGO"] = "0";
        var worker = new Worker(Process.Start(start)!);
        while (await worker.ReadAsync(StartTime) is { } line && line != "ready")
        {
            string[] parts = line.Split('\t');
            worker.Tests.Add(new Test(parts[1], parts[2], parts[3]));
        }

        if (worker.IsUsable)
        {
            return worker;
        }

        worker.Dispose();
        return null;
    }

    public async Task<TestRun> RunAsync(int mutant, string test, TimeSpan limit)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync($"run {mutant} {test}");
            await _process.StandardInput.FlushAsync();
            TimeSpan warmUp = _isWarm ? TimeSpan.Zero : WarmUp;
            _isWarm = true;
            if (await ReadAsync(limit + warmUp) is { } line)
            {
                string[] words = line.Split(' ');
                return new TestRun(Enum.Parse<TestEnd>(words[0], ignoreCase: true), TimeSpan.FromMilliseconds(double.Parse(words[1], CultureInfo.InvariantCulture)), words[2..]);
            }

            return new TestRun(TestEnd.Crashed, limit, []);
        }
        catch (TimeoutException)
        {
            Dispose();
            return new TestRun(TestEnd.TimedOut, limit, []);
        }
        catch (IOException)
        {
            return new TestRun(TestEnd.Crashed, limit, []);
        }
    }

    public void Dispose()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    private async Task<string?> ReadAsync(TimeSpan limit)
    {
        string? line = await _process.StandardOutput.ReadLineAsync().WaitAsync(limit);
        if (line is null)
        {
            await _process.WaitForExitAsync();
        }

        return line;
    }
}

// The built tests beside the mutated library.
internal sealed record Suite(string Assembly, string LibraryName)
{
    public string Directory => Path.GetDirectoryName(Assembly)!;
}
