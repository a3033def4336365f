using DigestStore.Benchmarks.Stub;

namespace DigestStore.Benchmarks.Runs;

/// <summary>One task at one size and one latency: every contender in turn, round after round, so that drift of the machine hits all alike.</summary>
internal sealed class Cell(string task, int items, int latency)
{
    // A slow contender takes no part in further rounds once it has used up its time, and none at all where it would need too long.
    private const double MaxMsInAll = 4_000;
    private const double MaxMsAtOnce = 10_000;
    private const double MsPerSingle = 1.5;

    private readonly Dictionary<string, List<Cost>> _costs = new(StringComparer.Ordinal);

    public string Task => task;

    public int Items => items;

    public int Latency => latency;

    public string Name => FormattableString.Invariant($"{task}: {items:N0} items, {latency} ms per response");

    public IEnumerable<string> Names => _costs.Keys;

    public List<string> Skipped { get; } = [];

    public Cost? Of(string name) => _costs.TryGetValue(name, out List<Cost>? costs) && costs.Count > 0 ? Cost.Median(costs) : null;

    public IReadOnlyList<Cost> RunsOf(string name) => _costs[name];

    public int RoundsOf(string name) => _costs[name].Count;

    public async Task RunAsync(StubProcess? stub, IReadOnlyList<Contender> contenders, int rounds, int times, Func<Task> beforeRound)
    {
        var used = new Dictionary<string, double>(StringComparer.Ordinal);
        for (int round = 0; round < rounds; round++)
        {
            await beforeRound();
            foreach (Contender contender in contenders)
            {
                if (contender.SinglesAtOnce > 0 && items * (latency + MsPerSingle) / contender.SinglesAtOnce > MaxMsAtOnce)
                {
                    Skip(contender.Name);
                    continue;
                }

                if (used.GetValueOrDefault(contender.Name) > MaxMsInAll)
                {
                    continue;
                }

                int operations = contender.SinglesAtOnce > 0 ? 1 : times;
                var work = new List<Func<Task>>(operations);
                for (int operation = 0; operation < operations; operation++)
                {
                    work.Add(await contender.Prepare());
                }

                Cost cost = await Meter.MeasureAsync(stub, work);
                used[contender.Name] = used.GetValueOrDefault(contender.Name) + (cost.WallMs * operations);
                (_costs.TryGetValue(contender.Name, out List<Cost>? costs) ? costs : _costs[contender.Name] = []).Add(cost);
            }
        }
    }

    private void Skip(string name)
    {
        if (!Skipped.Contains(name))
        {
            Skipped.Add(name);
        }
    }
}
