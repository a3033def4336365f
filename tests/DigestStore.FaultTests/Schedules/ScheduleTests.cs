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
    private const int SchedulesInFiles = 40;

    // Most clauses are found within 200 schedules. In about one of a hundred searches, 1,500 schedules were not enough.
    private const int MaxSchedulesToFind = 6_000;
    private const int AtOnce = 16;
    private const int FilesAtOnce = 3;
    private const int ThreadsOfFile = 12;
    private const int Shown = 5;

    [Fact]
    public Task No_schedule_of_three_senders_breaks_a_promise_of_the_delivery() => KeepsAsync(Setting(SchedulesVariable) ?? DefaultSchedules, AtOnce, static seed => RunAsync(new Schedule(seed)));

    // Each update waits for the disk, and threads of the pool wait with it, so there are fewer schedules, few at once, and more threads.
    [Fact]
    public async Task No_schedule_over_a_table_in_a_file_breaks_a_promise_of_the_delivery()
    {
        ThreadPool.GetMinThreads(out int workers, out int completions);
        ThreadPool.SetMinThreads(Math.Max(workers, FilesAtOnce * ThreadsOfFile), completions);
        try
        {
            await KeepsAsync(Setting(SchedulesVariable) ?? SchedulesInFiles, FilesAtOnce, static async seed =>
            {
                using var file = new ScheduleFile();
                return await RunAsync(new Schedule(seed, file: file));
            });
        }
        finally
        {
            ThreadPool.SetMinThreads(workers, completions);
        }
    }

    private static async Task KeepsAsync(int schedules, int atOnce, Func<int, Task<Schedule>> run)
    {
        int seed = Setting(SeedVariable) ?? Random.Shared.Next(1_000_000_000);
        TestContext.Current.SendDiagnosticMessage($"{schedules} schedules from seed {seed}; repeat one with {SeedVariable}=<its seed> {SchedulesVariable}=1");
        long began = Stopwatch.GetTimestamp();
        var broken = new ConcurrentDictionary<int, Schedule>();
        int sent = 0;
        await RunAsync(seed, schedules, atOnce, async one =>
        {
            Schedule schedule = await run(one);
            Interlocked.Add(ref sent, schedule.Sent);
            if (schedule.Broken.Count > 0)
            {
                broken[one] = schedule;
            }
        });
        TestContext.Current.SendDiagnosticMessage($"{sent} emails in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s");
        Assert.True(broken.IsEmpty, Report(broken, schedules, seed));
        Assert.True(sent > schedules / 2, $"Only {sent} emails were sent in {schedules} schedules.");
    }

    [Theory]
    [MemberData(nameof(ClausesToFind))]
    public async Task Without_a_clause_of_the_protocol_a_schedule_breaks_a_promise(string clause)
    {
        RemovedClause removed = RemovedClause.Of(clause);
        int seed = Setting(SeedVariable) ?? Random.Shared.Next(1_000_000_000);
        var broken = new ConcurrentDictionary<int, Schedule>();
        var found = new ConcurrentDictionary<int, Schedule>();
        await RunAsync(seed, Math.Max(MaxSchedulesToFind, Setting(SchedulesVariable) ?? 0), AtOnce, async one =>
        {
            if (!found.IsEmpty)
            {
                return;
            }

            Schedule schedule = await RunAsync(new Schedule(one, removed, removed.Kind));
            if (schedule.Broken.Count == 0)
            {
                return;
            }

            // It is the clause that is missing, and not something else that is wrong: with it, the same schedule keeps every promise.
            Schedule intact = await RunAsync(new Schedule(one, removed: null, removed.Kind));
            (intact.Broken.Count > 0 ? broken : found)[one] = intact.Broken.Count > 0 ? intact : schedule;
        });
        TestContext.Current.SendDiagnosticMessage($"{clause}: {(found.IsEmpty ? "not found" : found.Select(one => $"seed {seed} + {one.Key - seed}: {one.Value.Broken[0]}").First())} ({removed.Removals} removals)");
        Assert.True(broken.IsEmpty, Report(broken, MaxSchedulesToFind, seed));
        Assert.True(removed.Removals > 0, $"No update has the clause '{clause}' any more.");
        Assert.False(found.IsEmpty, $"The schedules from seed {seed} keep every promise without the clause '{clause}'.");
    }

    public static TheoryData<string> ClausesToFind() => [.. Setting(SchedulesVariable) > MaxSchedulesToFind ? RemovedClause.All : RemovedClause.Found];

    private static Task RunAsync(int seed, int schedules, int atOnce, Func<int, Task> run) => Parallel.ForEachAsync(
        Enumerable.Range(Math.Min(seed, int.MaxValue - schedules), schedules), new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (one, _) => await run(one));

    private static async Task<Schedule> RunAsync(Schedule schedule)
    {
        await schedule.RunAsync();
        return schedule;
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
