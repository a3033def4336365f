using BenchmarkDotNet.Running;
using DigestStore.Benchmarks.Stub;

switch (args.FirstOrDefault())
{
    case StubServer.Verb:
        return await StubServer.RunAsync();
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
}
