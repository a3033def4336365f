using BenchmarkDotNet.Running;
using DigestStore.Benchmarks.Runs;
using DigestStore.Benchmarks.Stub;

switch (args.FirstOrDefault())
{
    case StubServer.Verb:
        return await StubServer.RunAsync();
    case CompareRun.Verb:
        return await CompareRun.RunAsync(args);
    case ThrottledRun.Verb:
        return await ThrottledRun.RunAsync(args);
    case ScalingRun.Verb:
        return await ScalingRun.RunAsync(args);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
}
