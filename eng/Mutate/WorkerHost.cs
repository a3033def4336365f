using System.Diagnostics;
using System.Reflection;
using Xunit;
using Xunit.Runner.Common;
using Xunit.Sdk;
using Xunit.v3;

namespace Mutate;

// Runs in a process of its own, with the mutated library: one test at a time, as told on its input.
// `run MUTANT TEST` is answered by `passed|failed|skipped MILLISECONDS [MUTANT[s]…]`: what the test reached, s: in a static initialiser.
internal sealed class WorkerHost
{
    private readonly Dictionary<string, ITestCase> _tests = new(StringComparer.Ordinal);
    private readonly TextReader _input = Console.In;
    private readonly TextWriter _output = Console.Out;
    private readonly InProcessFrontController _tester;
    private readonly Type _switch;

    private WorkerHost(string testAssembly, string libraryName)
    {
        Console.SetOut(TextWriter.Null);
        Console.SetError(TextWriter.Null);
        Console.SetIn(TextReader.Null);
        Assembly tests = Assembly.LoadFrom(testAssembly);
        _switch = Assembly.Load(libraryName).GetType(SwitchSource.TypeName, throwOnError: true)!;
        TestContext.SetForInitialization(diagnosticMessageSink: null, diagnosticMessages: false, internalDiagnosticMessages: false);
        _tester = new InProcessFrontController(ExtensibilityPointFactory.GetTestFramework(tests), tests, null);
    }

    // Of the test classes only those are looked for that are named; all if none is.
    public static async Task RunAsync(string testAssembly, string libraryName, string[] classes)
    {
        var host = new WorkerHost(testAssembly, libraryName);
        Type[] types = [.. classes.Select(name => Assembly.LoadFrom(testAssembly).GetType(name, throwOnError: true)!)];
        await host.DiscoverAsync(types.Length == 0 ? null : types);
        while (await host._input.ReadLineAsync() is { } line)
        {
            string[] words = line.Split(' ');
            await host._output.WriteLineAsync(await host.RunTestAsync(int.Parse(words[1], null), words[2]));
        }

        // Threads that a test has left behind must not keep the process.
        Environment.Exit(0);
    }

    private async Task DiscoverAsync(Type[]? types)
    {
        using var cancel = new CancellationTokenSource();
        ITestFrameworkDiscoveryOptions options = TestFrameworkOptions.ForDiscovery(new TestAssemblyConfiguration { PreEnumerateTheories = true });
        await _tester.Find(new Sink(_ => { }), options, static _ => true, cancel, types, discoveryCallback: (test, _) =>
        {
            _tests[test.UniqueID] = test;
            return ValueTask.FromResult(true);
        });
        foreach (ITestCase test in _tests.Values)
        {
            await _output.WriteLineAsync($"test\t{test.UniqueID}\t{test.TestClassName}\t{test.TestMethodName}");
        }

        await _output.WriteLineAsync("ready");
    }

    private async Task<string> RunTestAsync(int mutant, string id)
    {
        if (!_tests.TryGetValue(id, out ITestCase? test))
        {
            return "skipped 0";
        }

        byte[] seen = (byte[])_switch.GetField("Seen")!.GetValue(null)!;
        Array.Clear(seen);
        _switch.GetField("IsRecording")!.SetValue(null, mutant < 0);
        _switch.GetField("Active")!.SetValue(null, mutant);
        int passed = 0, failed = 0;
        var sink = new Sink(message =>
        {
            passed += message is ITestPassed ? 1 : 0;
            failed += message is ITestFailed or IErrorMessage or ITestCleanupFailure or ITestCaseCleanupFailure or ITestClassCleanupFailure or ITestCollectionCleanupFailure ? 1 : 0;
        });
        ITestFrameworkExecutionOptions options = TestFrameworkOptions.ForExecution(new TestAssemblyConfiguration
        {
            SynchronousMessageReporting = true, ParallelizeTestCollections = false, MaxParallelThreads = 1, StopOnFail = true,
        });
        using var cancel = new CancellationTokenSource();
        long began = Stopwatch.GetTimestamp();
        await _tester.Run(sink, options, [test], cancel);
        double took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        _switch.GetField("Active")!.SetValue(null, -1);
        IEnumerable<string> reached = seen.Index().Where(one => one.Item != 0).Select(one => one.Index + (one.Item == SwitchSource.ReachedByStaticInitialiser ? "s" : ""));
        return string.Join(' ', [failed > 0 ? "failed" : passed > 0 ? "passed" : "skipped", $"{took:F0}", .. reached]);
    }

    private sealed class Sink(Action<IMessageSinkMessage> see) : IMessageSink
    {
        public bool OnMessage(IMessageSinkMessage message)
        {
            see(message);
            return true;
        }
    }
}
