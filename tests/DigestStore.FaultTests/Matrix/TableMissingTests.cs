using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

public sealed class TableMissingTests
{
    [Theory]
    [InlineData(20)]
    [InlineData(1000)]
    [FaultRow(26, "The table does not exist", "One request in total for 40 batches; the one log line names the table and what to do.")]
    public async Task A_missing_table_costs_one_request_and_one_plain_line(int count)
    {
        await using var scenario = FaultScenario.Start(endpoint: new ScriptedEndpointOptions { Tables = ["another"] });

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(count));

        Assert.Equal((StoreStatus.Failed, count), (result.Status, result.Failed));
        Assert.All(result.Problems, problem => Assert.Equal(StoreProblemReason.TableNotFound, problem.Reason));
        scenario.AssertRequests(compares: 1, writes: 0, headers: 0);
        AssertHint(scenario.Log, "table 'digests'");
    }

    [Theory]
    [InlineData(Engine.DynamoDbLocal)]
    [InlineData(Engine.Dynalite)]
    [FaultRow(26, "The table does not exist on a real engine", "One request in total for 40 batches; the one log line names the table and what to do.")]
    public async Task A_missing_table_of_a_real_engine_costs_one_request(Engine engine)
    {
        await using var scenario = EngineScenario.WithoutTable(engine);

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(1000), tableSurvives: false);

        Assert.Equal((StoreStatus.Failed, 1000), (result.Status, result.Failed));
        Assert.All(result.Problems, problem => Assert.Equal(StoreProblemReason.TableNotFound, problem.Reason));
        scenario.AssertRequests(compares: 1, writes: 0, headers: 0);
        AssertHint(scenario.Log, $"table '{scenario.TableName}'");
    }

    [Theory]
    [InlineData(Engine.DynamoDbLocal)]
    [InlineData(Engine.Dynalite)]
    [FaultRow(27, "The table is deleted between batch 3 and batch 4", "The first three batches are counted as stored; batch 4 is the last request.")]
    public async Task A_table_that_is_deleted_midway_ends_the_store_with_the_first_batches_counted(Engine engine)
    {
        await using EngineScenario scenario = await EngineScenario.StartAsync(engine, options => options.MaxConcurrency = 1);
        int storedBefore = 0;
        scenario.Wire.Before = async (operation, number) =>
        {
            if (operation == "BatchWriteItem" && number == 4)
            {
                storedBefore = (await scenario.ItemsAsync()).Count;
                await scenario.DeleteTableAsync();
            }
        };

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(1000), tableSurvives: false);

        Assert.Equal(75, storedBefore);
        Assert.Equal((StoreStatus.PartiallyStored, 75, 925), (result.Status, result.Inserted, result.Failed));
        Assert.All(result.Problems.Where(problem => problem.Index is not null), problem => Assert.Equal(StoreProblemReason.TableNotFound, problem.Reason));
        Assert.Equal(StoreProblemReason.HeaderNotWritten, result.Problems[^1].Reason);
        scenario.AssertRequests(compares: 1, writes: 4, headers: 0);
        AssertHint(scenario.Log, $"table '{scenario.TableName}'");
    }

    [Fact]
    [FaultRow(27, "The table is still being created", "As a missing table: one request. Once it is ready the next store succeeds.")]
    public async Task A_table_that_is_still_being_created_is_not_there_yet()
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.OnAny().Answer(Fault.Error("ResourceNotFoundException", "Requested resource not found: Table: digests is in state CREATING", 400));

        StoreResult early = await scenario.StoreAsync(FaultScenario.Items(100));

        Assert.Equal((StoreStatus.Failed, 100, 1), (early.Status, early.Failed, early.Cost.Requests));
        Assert.All(early.Problems, problem => Assert.Equal(StoreProblemReason.TableNotFound, problem.Reason));

        scenario.Server.ClearRules();
        StoreResult later = await scenario.StoreAsync(FaultScenario.Items(100));
        Assert.Equal((StoreStatus.Stored, 100), (later.Status, later.Inserted));
    }

    private static void AssertHint(RecordingLoggerFactory log, string table)
    {
        string message = Assert.Single(log.Entries).Message;
        Assert.Contains(table, message, StringComparison.Ordinal);
        Assert.Contains("Check TableName and Region, or create it", message, StringComparison.Ordinal);
    }
}
