using System.Runtime;
using DigestStore.Benchmarks.Peers;

namespace DigestStore.Benchmarks.Runs;

/// <summary>Until the just-in-time compiler has nothing more to do: it compiles anew what is called often, twice, in the background.</summary>
internal static class WarmUp
{
    private const int Items = 200;
    private const int MaxPhases = 12;
    private const int FewMethods = 10;
    private static readonly TimeSpan Compiling = TimeSpan.FromMilliseconds(300);

    public static async Task RunAsync(IStorePeer[] storing, IReadPeer[] reading, Dates dates, int times)
    {
        PeerItem[] items = PeerItem.Make(Items);
        DateOnly date = dates.Next();
        foreach (IReadPeer peer in reading)
        {
            await peer.SeedAsync(date, items);
        }

        long compiled = 0;
        for (int phase = 0; phase < MaxPhases && JitInfo.GetCompiledMethodCount() - compiled > FewMethods; phase++)
        {
            compiled = JitInfo.GetCompiledMethodCount();
            for (int time = 0; time < times; time++)
            {
                foreach (IStorePeer peer in storing)
                {
                    // Of PutItem one store is hundreds of calls.
                    if (peer.SinglesAtOnce == 0 || time == 0)
                    {
                        Func<Task> store = peer.Prepare(dates.Next(), items);
                        await store();
                        await (peer is DigestStorePeer ? store() : Task.CompletedTask);
                    }
                }

                foreach (IReadPeer peer in reading)
                {
                    await peer.ReadAsync(date);
                }
            }

            await Task.Delay(Compiling);
        }
    }
}
