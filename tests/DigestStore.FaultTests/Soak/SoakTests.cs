using System.Collections.Concurrent;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace DigestStore.FaultTests;

[Collection(nameof(EnduranceTests))]
public sealed class SoakTests
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
        TestContext.Current.SendDiagnosticMessage($"{schedules} schedules from seed {seed}; repeat one with {SeedVariable}=<its seed> {SchedulesVariable}=1");
        var broken = new ConcurrentQueue<string>();
        var ends = new ConcurrentQueue<StoreStatus>();
        await Parallel.ForEachAsync(Enumerable.Range(seed, schedules), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (one, _) =>
        {
            try
            {
                ends.Enqueue(await SoakRun.RunAsync(new SoakSchedule(one)));
            }
            catch (Exception exception)
            {
                broken.Enqueue($"seed {one}: {exception}");
            }
        });

        TestContext.Current.SendDiagnosticMessage(string.Join(", ", ends.CountBy(end => end).OrderBy(end => end.Key).Select(end => $"{end.Value} {end.Key}")));
        Assert.True(broken.IsEmpty, $"{broken.Count} of {schedules} schedules from seed {seed} broke a promise. The first: {broken.FirstOrDefault()}");

        // Else the faults have not been felt, or nothing could be stored at all.
        Assert.True(schedules < 100 || ends.Distinct().Count() == 3, "the schedules do not end in every way");
    }

    /// <summary>P7, P8 and P9: claimed ⊆ server, requests and time within the published bound, whatever the options and the faults.</summary>
    [Fact]
    public void Claims_requests_and_time_stay_within_the_bound_for_any_options() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue - 1).ToArbitrary(),
        AnyOptions.ToArbitrary(),
        (seed, options) => SoakRun.RunAsync(new SoakSchedule(seed) { Options = options }).GetAwaiter().GetResult())
        .Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    private static Gen<DigestStoreOptions> AnyOptions =>
        from attempts in Gen.Choose(1, 10)
        from concurrency in Gen.Choose(1, 64)
        from batchSize in Gen.Choose(1, 25)
        from deadline in Gen.Choose(1, 60_000)
        select new DigestStoreOptions
        {
            MaxAttempts = attempts,
            MaxConcurrency = concurrency,
            BatchSize = batchSize,
            Deadline = TimeSpan.FromMilliseconds(deadline),
        };

    private static int? Setting(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;
}
