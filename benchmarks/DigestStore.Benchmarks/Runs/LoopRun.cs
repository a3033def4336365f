using DigestStore.Benchmarks.Peers;
using DigestStore.Benchmarks.Stub;

namespace DigestStore.Benchmarks.Runs;

/// <summary>One client doing one thing over and over, for a profiler to look at.</summary>
internal static class LoopRun
{
    public const string Verb = "loop";

    // What is stored is forgotten now and then, so that the stub does not grow.
    private const int StoresKept = 256;

    public static async Task<int> RunAsync(string[] args)
    {
        var arguments = new Arguments(args);
        string client = arguments.Text("--client") ?? AllPeers.Ours;
        string task = arguments.Text("--task") ?? "store";
        int seconds = arguments.Number("--seconds", 20);
        PeerItem[] items = PeerItem.Make(arguments.Number("--items", 200));

        await using StubProcess stub = await StubProcess.StartAsync(arguments.Has(StubServer.Tls));
        Func<Task> operation = await OperationAsync(task, client, stub, items);

        // The first half is for the just-in-time compiler.
        await RepeatAsync(operation, TimeSpan.FromSeconds(seconds / 2.0));
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        int times = await RepeatAsync(operation, TimeSpan.FromSeconds(seconds / 2.0));
        Console.WriteLine(FormattableString.Invariant(
            $"{client}, {task} of {items.Length} items: {(Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / times:0.000} ms of CPU each, {times} times"));
        return 0;
    }

    private static async Task<int> RepeatAsync(Func<Task> operation, TimeSpan time)
    {
        int times = 0;
        for (long start = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(start) < time; times++)
        {
            await operation();
        }

        return times;
    }

    private static async Task<Func<Task>> OperationAsync(string task, string client, StubProcess stub, PeerItem[] items)
    {
        var dates = new Dates();
        DateOnly date = dates.Next();
        switch (task)
        {
            case "store":
                IStorePeer storing = Named(AllPeers.ToStore(stub.Url), static peer => peer.Name, client);
                int stores = 0;
                return async () =>
                {
                    if (stores++ % StoresKept == 0)
                    {
                        await stub.ConfigureAsync(new StubSettings { Forget = true });
                    }

                    await storing.Prepare(dates.Next(), items)();
                };
            case "again":
                Func<Task> again = Named(AllPeers.ToStore(stub.Url), static peer => peer.Name, client).Prepare(date, items);
                await again();
                return again;
            case "read":
                IReadPeer[] readers = AllPeers.ToRead(stub.Url);
                foreach (IReadPeer peer in readers)
                {
                    await peer.SeedAsync(date, items);
                }

                IReadPeer reading = Named(readers, static peer => peer.Name, client);
                return () => reading.ReadAsync(date);
            default:
                throw new ArgumentException($"'{task}' is no task. Use --task store, again or read.");
        }
    }

    private static T Named<T>(T[] peers, Func<T, string> name, string part) =>
        peers.FirstOrDefault(peer => name(peer).Contains(part, StringComparison.OrdinalIgnoreCase)) ??
        throw new ArgumentException($"No client is named '{part}'. There are: {string.Join("; ", peers.Select(name))}.");
}
