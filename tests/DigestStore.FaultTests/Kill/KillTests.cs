using System.Globalization;
using Amazon.DynamoDBv2.Model;
using DigestStore.FaultTests.Child;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

public sealed class KillTests
{
    /// <summary>How many times to kill.</summary>
    private const string RoundsVariable = "DIGESTSTORE_KILL_ROUNDS";

    /// <summary>The seed of the first round; the others count on from it.</summary>
    private const string SeedVariable = "DIGESTSTORE_KILL_SEED";

    private const int DefaultRounds = 50;
    private const int AtOnce = 4;
    private const int Items = 250;

    // 12 requests, each sent and answered.
    private const int SignalsOfAStore = 24;

    [Fact]
    [FaultRow(57, "The process is killed (kill -9) at a random moment of the store, and the job is run again", "The table is that of one clean run: the same items, the first-seen fields of what was already there.")]
    public async Task A_killed_run_and_a_second_one_are_one_clean_run()
    {
        await using EngineTable clean = await EngineTable.StartAsync(Engine.DynamoDbLocal);
        await clean.StoreAsync(ChildItems.Range(0, Items));
        string[] wanted = [.. (await clean.ItemsAsync()).Select(Lasting)];
        int rounds = Setting(RoundsVariable) ?? DefaultRounds;
        int seed = Setting(SeedVariable) ?? Random.Shared.Next(1_000_000_000);
        TestContext.Current.SendDiagnosticMessage($"{rounds} rounds from seed {seed}; repeat with {SeedVariable}={seed}");
        await Parallel.ForEachAsync(Enumerable.Range(seed, rounds), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (round, _) =>
        {
            await using EngineTable table = await EngineTable.StartAsync(Engine.DynamoDbLocal);
            List<Dictionary<string, AttributeValue>> left = await KillAsync(table, round);

            StoreResult result = await table.StoreAsync(ChildItems.Range(0, Items));

            Assert.True(result.Status == StoreStatus.Stored, $"seed {round}: {result.Status}");
            List<Dictionary<string, AttributeValue>> records = await table.ItemsAsync();
            Assert.Equal(wanted, records.Select(Lasting));
            AssertFirstSeen(left, records);
        });
    }

    [Fact]
    [FaultRow(58, "The process is killed, and the next run stores other items for the same date", "The table has both: what the killed run left, and the new.")]
    public async Task A_killed_run_and_a_run_with_other_items_are_joined()
    {
        const int Shift = 200;
        int seed = Setting(SeedVariable) ?? Random.Shared.Next(1_000_000_000);
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        await using EngineTable table = await EngineTable.StartAsync(Engine.DynamoDbLocal);
        List<Dictionary<string, AttributeValue>> left = await KillAsync(table, seed);

        await table.StoreAsync(ChildItems.Range(Shift, Items));

        // A request that was under way at the kill may still have been carried out: then the table has more than it had then.
        HashSet<string> urls = [.. (await table.ReadAsync()).Select(item => item.Item.Url)];
        Assert.Superset(left.Select(record => record["url"].S).Concat(ChildItems.Range(Shift, Items).Select(item => item.Url)).ToHashSet(), urls);
        Assert.Subset(ChildItems.Range(0, Items + Shift).Select(item => item.Url).ToHashSet(), urls);
        AssertFirstSeen(left, await table.ItemsAsync());
    }

    [Fact]
    [FaultRow(102, "The process is asked to end (SIGTERM) in mid store, and its host cancels", "DigestStoreCanceledException with the true result; what was not stored is with the dead-letter sink within two seconds.")]
    public async Task A_terminated_store_spills_what_it_has_not_stored()
    {
        const int Stored = 50;
        await using var server = ScriptedEndpoint.Start();
        server.On("BatchWriteItem").From(3).Answer(Fault.Stall());
        DirectoryInfo directory = Directory.CreateTempSubdirectory("digeststore-letters-");
        try
        {
            using ChildProcess child = await ChildProcess.StartAsync("cancel", server.Uri.AbsoluteUri, "digests", "0", $"{Items}", directory.FullName);
            await server.Requests.ArrivalOfAsync("BatchWriteItem", 4);
            var asked = RealTime.Start();
            await child.TerminateAsync();
            (string end, string unobserved) = await child.ReadEndAsync();

            // Two seconds for the letters, one for the signal and the end of the process.
            asked.AssertWithin(TimeSpan.FromSeconds(3));
            Assert.Equal($"{Signals.Canceled} {Stored} {Items - Stored} {Items - Stored}", end);
            Assert.Equal($"{Signals.Unobserved} 0", unobserved);
            string[] letters = [.. Directory.EnumerateFiles(directory.FullName, "*.jsonl", SearchOption.AllDirectories).SelectMany(File.ReadLines)];
            Assert.Equal(Items - Stored, letters.Length);
            int there = server.Database.Items("digests").Count(record => record["sk"]!["S"]!.GetValue<string>().StartsWith("ITEM#", StringComparison.Ordinal));
            Assert.Equal(Stored, there);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("dispose", "stall")]
    [InlineData("dispose", "back-off")]
    [InlineData("cancel", "stall")]
    [InlineData("cancel", "back-off")]
    [FaultRow(59, "The process is asked to end (SIGTERM) in mid store, and its host cancels or disposes of the repository", "The store ends with a result; no ObjectDisposedException and no unobserved task exception.")]
    public async Task A_terminated_process_ends_its_store_and_leaves_no_exception_unobserved(string onEnd, string moment)
    {
        const int Stored = 50;
        await using var server = ScriptedEndpoint.Start();
        server.On("BatchWriteItem").From(3).Answer(moment == "stall" ? Fault.Stall() : Fault.Throttle());
        using ChildProcess child = await ChildProcess.StartAsync(onEnd, server.Uri.AbsoluteUri, "digests", "0", $"{Items}");
        await server.Requests.ArrivalOfAsync("BatchWriteItem", 4);
        await child.TerminateAsync();
        (string end, string unobserved) = await child.ReadEndAsync();

        Assert.Contains(end, (string[])[$"{Signals.Canceled} {Stored} {Items - Stored} 0", $"{Signals.Done} {StoreStatus.PartiallyStored} {Stored} {Items - Stored} 0"]);
        Assert.Equal($"{Signals.Unobserved} 0", unobserved);
        Assert.Equal(0, await child.ExitCodeAsync());
    }

    private static async Task<List<Dictionary<string, AttributeValue>>> KillAsync(EngineTable table, int seed)
    {
        using ChildProcess child = await ChildProcess.StartAsync("cancel", Engines.DynamoDbLocal.AbsoluteUri, table.Name, "0", $"{Items}");
        await child.KillAfterAsync(new Random(seed).Next(SignalsOfAStore));
        return await table.ItemsAsync();
    }

    // What does not depend on when it was stored.
    private static string Lasting(Dictionary<string, AttributeValue> record) =>
        $"{record["sk"].S} {record["title"].S} {record["ordinal"].N} {record["revision"].N} {record["contentHash"].S}";

    private static void AssertFirstSeen(List<Dictionary<string, AttributeValue>> before, List<Dictionary<string, AttributeValue>> after)
    {
        Dictionary<string, Dictionary<string, AttributeValue>> byKey = after.ToDictionary(record => record["sk"].S);
        Assert.All(before, record => Assert.Equal(record["createdAt"].S, byKey[record["sk"].S]["createdAt"].S));
    }

    private static int? Setting(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;
}
