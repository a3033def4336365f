using BenchmarkDotNet.Running;
using DigestStore.Benchmarks.Capacity;
using DigestStore.Benchmarks.Deadline;
using DigestStore.Benchmarks.Delivery;
using DigestStore.Benchmarks.Promise;
using DigestStore.Benchmarks.Runs;
using DigestStore.Benchmarks.Soak;
using DigestStore.Benchmarks.Sqlite;
using DigestStore.Benchmarks.Startup;
using DigestStore.Benchmarks.Streams;
using DigestStore.Benchmarks.Stub;

if (args.Contains(RepeatedRuns.Option))
{
    return await RepeatedRuns.RunAsync(args);
}

switch (args.FirstOrDefault())
{
    case StubServer.Verb:
        return await StubServer.RunAsync(args);
    case CompareRun.Verb:
        return await CompareRun.RunAsync(args);
    case ThrottledRun.Verb:
        return await ThrottledRun.RunAsync(args);
    case LoopRun.Verb:
        return await LoopRun.RunAsync(args);
    case ScalingRun.Verb:
        return await ScalingRun.RunAsync(args);
    case PromiseRun.Verb:
        return await PromiseRun.RunAsync(args);
    case PromiseChild.Verb:
        return await PromiseChild.RunAsync(args);
    case StreamsRun.Verb:
        return await StreamsRun.RunAsync(args);
    case StreamsChild.Verb:
        return await StreamsChild.RunAsync(args);
    case SoakRun.Verb:
        return await SoakRun.RunAsync(args);
    case DeadlineRun.Verb:
        return await DeadlineRun.RunAsync(args);
    case CapacityRun.Verb:
        return await CapacityRun.RunAsync(args);
    case DeliveryRun.Verb:
        return await DeliveryRun.RunAsync(args);
    case SqliteRun.Verb:
        return await SqliteRun.RunAsync(args);
    case SqliteReadChild.Verb:
        return await SqliteReadChild.RunAsync(args);
    case SqliteWriteChild.Verb:
        return await SqliteWriteChild.RunAsync(args);
    case SqliteStartChild.Verb:
        return await SqliteStartChild.RunAsync(args);
    case StartupRun.Verb:
        return await StartupRun.RunAsync(args);
    default:
        return RunBenchmarkDotNet(args);
}

// Apart, so that its assembly is not loaded where the start of a process is measured.
static int RunBenchmarkDotNet(string[] args)
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
    return 0;
}
