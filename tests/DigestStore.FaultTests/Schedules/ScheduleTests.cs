using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace DigestStore.FaultTests;

/// <summary>Random schedules of three senders of one day. Every one must keep what the delivery promises, and without a clause of the protocol one does not.</summary>
[Collection(nameof(EnduranceTests))]
public sealed class ScheduleTests
{
    /// <summary>How many schedules to run.</summary>
    private const string SchedulesVariable = "DIGESTSTORE_DELIVERY_SCHEDULES";

    /// <summary>The seed of the first schedule; the others count on from it. With one schedule, repeats that very one.</summary>
    private const string SeedVariable = "DIGESTSTORE_DELIVERY_SEED";

    private const int DefaultSchedules = 300;
    private const int MaxSchedulesToFind = 2_000;
    private const int AtOnce = 16;
    private const int Shown = 5;

    [Fact]
    public async Task No_schedule_of_three_senders_breaks_a_promise_of_the_delivery()
    {
        int schedules = Setting(SchedulesVariable) ?? DefaultSchedules;
        int seed = Setting(SeedVariable) ?? Random.Shared.Next(1_000_000_000);
        TestContext.Current.SendDiagnosticMessage($"{schedules} schedules from seed {seed}; repeat one with {SeedVariable}=<its seed> {SchedulesVariable}=1");
        long began = Stopwatch.GetTimestamp();
        (ConcurrentDictionary<int, Schedule> broken, int sent) = await RunAsync(seed, schedules, removed: null, endsEarly: false);
        TestContext.Current.SendDiagnosticMessage($"{sent} emails in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s");
        Assert.True(broken.IsEmpty, Report(broken, schedules, seed));
        Assert.True(sent > schedules / 2, $"Only {sent} emails were sent in {schedules} schedules.");
    }

    [Theory]
    [MemberData(nameof(ClausesToFind))]
    public async Task Without_a_clause_of_the_protocol_a_schedule_breaks_a_promise(string clause)
    {
        RemovedClause removed = RemovedClause.All[clause];
        int seed = Setting(SeedVariable) ?? Random.Shared.Next(1_000_000_000);
        (ConcurrentDictionary<int, Schedule> broken, _) = await RunAsync(seed, MaxSchedulesToFind, removed, endsEarly: true);
        TestContext.Current.SendDiagnosticMessage($"{clause}: {(broken.IsEmpty ? "not found" : string.Join("; ", broken.Select(static one => $"seed {one.Key}: {one.Value.Broken[0]}").Take(1)))} ({removed.Removals} removals)");
        Assert.True(removed.Removals > 0, $"No update has the clause '{clause}' any more.");
        Assert.False(broken.IsEmpty, $"{MaxSchedulesToFind} schedules from seed {seed} keep every promise without the clause '{clause}'.");
    }

    public static TheoryData<string> ClausesToFind() => [.. RemovedClause.All.Keys];

    private static async Task<(ConcurrentDictionary<int, Schedule> Broken, int Sent)> RunAsync(int seed, int schedules, RemovedClause? removed, bool endsEarly)
    {
        var broken = new ConcurrentDictionary<int, Schedule>();
        int sent = 0;
        seed = Math.Min(seed, int.MaxValue - schedules);
        await Parallel.ForEachAsync(Enumerable.Range(seed, schedules), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (one, _) =>
        {
            if (endsEarly && !broken.IsEmpty)
            {
                return;
            }

            var schedule = new Schedule(one, removed);
            await schedule.RunAsync();
            Interlocked.Add(ref sent, schedule.Sent);
            if (schedule.Broken.Count > 0)
            {
                broken[one] = schedule;
            }
        });
        return (broken, sent);
    }

    private static string Report(ConcurrentDictionary<int, Schedule> broken, int schedules, int seed)
    {
        IEnumerable<string> first = broken.OrderBy(one => one.Value.Story.Length).Take(Shown).Select(one =>
            $"seed {one.Key}; alone: {SeedVariable}={one.Key} {SchedulesVariable}=1\n{string.Join('\n', one.Value.Broken)}\n{one.Value.Story}\n");
        IEnumerable<string> all = broken.OrderBy(one => one.Key).Select(one => $"seed {one.Key}: {one.Value.Broken[0]}");
        return $"{broken.Count} of {schedules} schedules from seed {seed} broke a promise.\n{string.Join('\n', first)}\nAll of them:\n{string.Join('\n', all)}";
    }

    private static int? Setting(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;
}
