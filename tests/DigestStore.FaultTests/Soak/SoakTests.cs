using System.Collections.Concurrent;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace DigestStore.FaultTests;

[Collection(nameof(EnduranceTests))]
public sealed class SoakTests(ITestOutputHelper output)
{
    /// <summary>How many schedules to run.</summary>
    private const string SchedulesVariable = "DIGESTSTORE_SOAK_SCHEDULES";

    /// <summary>The seed of the first schedule; the others count on from it. With one schedule, repeats that very one.</summary>
    private const string SeedVariable = "DIGESTSTORE_SOAK_SEED";

    private const int DefaultSchedules = 2_000;
    private const int AtOnce = 16;

    [Fact]
    public async Task No_schedule_of_faults_breaks_a_promise()
    {
        int schedules = Setting(SchedulesVariable) ?? DefaultSchedules;
        int seed = Setting(SeedVariable) ?? Random.Shared.Next(1_000_000_000);
        output.WriteLine($"{schedules} schedules from seed {seed}; repeat one with {SeedVariable}=<its seed> {SchedulesVariable}=1");
        var broken = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(Enumerable.Range(seed, schedules), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (one, _) =>
        {
            try
            {
                await SoakRun.RunAsync(new SoakSchedule(one));
            }
            catch (Exception exception)
            {
                broken.Enqueue($"seed {one}: {exception}");
            }
        });

        Assert.True(broken.IsEmpty, $"{broken.Count} of {schedules} schedules from seed {seed} broke a promise. The first: {broken.FirstOrDefault()}");
    }

    /// <summary>P7, P8 and P9: claimed ⊆ server, requests and time within the published bound, whatever the options and the faults.</summary>
    [Fact]
    public void Claims_requests_and_time_stay_within_the_bound_for_any_options() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue - 1).ToArbitrary(),
        Gen.Select(
            Gen.Zip(Gen.Choose(1, 10), Gen.Choose(1, 64)),
            Gen.Zip(Gen.Choose(1, 25), Gen.Choose(1, 60_000)),
            (tries, work) => new DigestStoreOptions
            {
                MaxAttempts = tries.Item1,
                MaxConcurrency = tries.Item2,
                BatchSize = work.Item1,
                Deadline = TimeSpan.FromMilliseconds(work.Item2),
            }).ToArbitrary(),
        (seed, options) => SoakRun.RunAsync(new SoakSchedule(seed) { Options = options }).GetAwaiter().GetResult())
        .Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    private static int? Setting(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;
}
