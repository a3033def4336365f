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

    // The process ended before it had a test to run.
    NotStarted,
}

internal sealed record TestRun(TestEnd End, TimeSpan Took, IReadOnlyList<string> Reached)
{
    public bool HasFailed => End is not (TestEnd.Passed or TestEnd.Skipped);
}

// A process that runs tests on the mutated library. It is ended when a test hangs, and a new one is started for the next test.
// With `active` the mutant is there from the start: what static initialisers compute is computed with it.
internal sealed class Worker(Suite suite, int active = -1, IEnumerable<string>? classes = null) : IDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(3);

    // The first test of a process also compiles what it uses.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(60);

    // A limit is that many short waits of our own, each of which takes longer on a busy machine: so the limit grows with its load.
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);
    private readonly List<Test> _tests = [];
    private Process? _process;
    private bool _isWarm;

    public async Task<IReadOnlyList<Test>> FindTestsAsync() =>
        await IsStartedAsync() ? _tests : throw new InvalidOperationException("The tests cannot be started on the unchanged code.");

    public async Task<TestRun> RunAsync(int mutant, string test, TimeSpan limit)
    {
        if (!await IsStartedAsync())
        {
            return new TestRun(TestEnd.NotStarted, TimeSpan.Zero, []);
        }

        try
        {
            await _process!.StandardInput.WriteLineAsync($"run {mutant} {test}");
            await _process.StandardInput.FlushAsync();
            TimeSpan warmUp = _isWarm ? TimeSpan.Zero : WarmUp;
            _isWarm = true;
            if (await ReadAsync(_process, limit + warmUp) is { } line)
            {
                string[] words = line.Split(' ');
                return new TestRun(Enum.Parse<TestEnd>(words[0], ignoreCase: true), TimeSpan.FromMilliseconds(double.Parse(words[1], CultureInfo.InvariantCulture)), words[2..]);
            }

            return new TestRun(TestEnd.Crashed, limit, []);
        }
        catch (TimeoutException)
        {
            End();
            return new TestRun(TestEnd.TimedOut, limit, []);
        }
        catch (IOException)
        {
            return new TestRun(TestEnd.Crashed, limit, []);
        }
    }

    // The next test gets a new process.
    public void End()
    {
        try
        {
            _process?.Kill(entireProcessTree: true);
            _process?.WaitForExit();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    public void Dispose() => End();

    private async Task<bool> IsStartedAsync()
    {
        if (_process is { HasExited: false })
        {
            return true;
        }

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
        (_process, _isWarm) = (Process.Start(start)!, false);
        _tests.Clear();
        try
        {
            while (await ReadAsync(_process, StartTime) is { } line && line != "ready")
            {
                string[] parts = line.Split('\t');
                _tests.Add(new Test(parts[1], parts[2], parts[3]));
            }
        }
        catch (TimeoutException)
        {
            End();
        }

        return !_process.HasExited;
    }

    private static async Task<string?> ReadAsync(Process process, TimeSpan limit)
    {
        Task<string?> answer = process.StandardOutput.ReadLineAsync();
        for (TimeSpan waited = TimeSpan.Zero; !answer.IsCompleted; waited += Beat)
        {
            if (waited >= limit)
            {
                throw new TimeoutException();
            }

            await Task.WhenAny(answer, Task.Delay(Beat));
        }

        string? line = await answer;
        if (line is null)
        {
            await process.WaitForExitAsync();
        }

        return line;
    }
}

// The built tests beside the mutated library.
internal sealed record Suite(string Assembly, string LibraryName)
{
    public string Directory => Path.GetDirectoryName(Assembly)!;
}
