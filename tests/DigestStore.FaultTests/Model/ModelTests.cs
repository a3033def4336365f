using System.Collections.Concurrent;
using System.Globalization;
using Amazon.DynamoDBv2;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

/// <summary>
/// Random schedules of random operations on a real engine behind a faulty proxy. What the library says is held against the table, as a
/// plain SDK client reads it.
/// </summary>
[Collection(nameof(EnduranceTests))]
public sealed class ModelTests
{
    /// <summary>How many schedules to run.</summary>
    private const string SchedulesVariable = "DIGESTSTORE_MODEL_SCHEDULES";

    /// <summary>The seed of the first schedule; the others count on from it. With one schedule, repeats that very one.</summary>
    private const string SeedVariable = "DIGESTSTORE_MODEL_SEED";

    private const int DefaultSchedules = 300;
    private const int AtOnce = 8;
    private const int Shown = 10;

    [Fact]
    public async Task No_claim_of_the_library_is_false()
    {
        int schedules = Setting(SchedulesVariable) ?? DefaultSchedules;
        int seed = Setting(SeedVariable) ?? Random.Shared.Next(1_000_000_000);
        TestContext.Current.SendDiagnosticMessage($"{schedules} schedules from seed {seed}; repeat one with {SeedVariable}=<its seed> {SchedulesVariable}=1");
        var options = new DigestStoreOptions { TableName = "model-" + Guid.NewGuid().ToString("N") };
        using IAmazonDynamoDB plain = Engines.CreateClient(Engines.DynamoDbLocal);
        await DigestTable.EnsureCreatedAsync(plain, options, TestContext.Current.CancellationToken);
        var broken = new ConcurrentDictionary<int, (IReadOnlyList<string> Claims, string Story)>();
        int requests = 0;
        try
        {
            await Parallel.ForEachAsync(Enumerable.Range(seed, schedules), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (one, _) =>
            {
                await using var run = new ModelRun(one, Engines.DynamoDbLocal, plain, options.TableName);
                try
                {
                    await run.RunAsync();
                    if (run.Broken.Count > 0)
                    {
                        broken[one] = (run.Broken, run.Story);
                    }
                }
                catch (Exception exception)
                {
                    broken[one] = ([.. run.Broken, exception.ToString()], run.Story);
                }

                Interlocked.Add(ref requests, run.Requests);
            });
        }
        finally
        {
            await plain.DeleteTableAsync(options.TableName, CancellationToken.None);
        }

        TestContext.Current.SendDiagnosticMessage($"{requests} requests");
        Assert.True(broken.IsEmpty, Report(broken, schedules, seed));
    }

    private static string Report(ConcurrentDictionary<int, (IReadOnlyList<string> Claims, string Story)> broken, int schedules, int seed)
    {
        IEnumerable<string> first = broken.OrderBy(one => one.Value.Story.Length).Take(Shown).Select(one =>
            $"seed {one.Key}; alone: {SeedVariable}={one.Key} {SchedulesVariable}=1\n{string.Join('\n', one.Value.Claims)}\n{one.Value.Story}\n");
        IEnumerable<string> all = broken.OrderBy(one => one.Key).Select(one => $"seed {one.Key}: {one.Value.Claims[0]}");
        return $"{broken.Count} of {schedules} schedules from seed {seed} showed a false claim.\n{string.Join('\n', first)}\nAll of them:\n{string.Join('\n', all)}";
    }

    private static int? Setting(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;
}
