using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using DigestStore.DynamoDb;
using DigestStore.Records;
using DigestStore.Sqlite;
using DigestStore.Table;
using DigestStore.TestSupport;

namespace DigestStore.ContractTests.Port;

/// <summary>What the evaluator makes of an update, two real engines make of the expressions that it is rendered as.</summary>
/// <remarks>Another seed and more pairs: <c>DIGESTSTORE_UPDATE_SEED=7 DIGESTSTORE_UPDATE_PAIRS=10000</c>.</remarks>
public sealed class RecordUpdateTests
{
    private const string SeedVariable = "DIGESTSTORE_UPDATE_SEED";
    private const string PairsVariable = "DIGESTSTORE_UPDATE_PAIRS";
    private const int Concurrency = 16;

    private static int Seed => Setting(SeedVariable, 20_261_128);

    private static int Pairs => Setting(PairsVariable, 2_000);

    [Fact]
    public Task DynamoDB_Local_and_the_evaluator_agree_on_every_record_and_verdict() => AssertAgreesAsync(Engines.DynamoDbLocal, isDynalite: false);

    [Fact]
    public Task Dynalite_and_the_evaluator_agree_on_every_record_and_verdict() => AssertAgreesAsync(Engines.Dynalite, isDynalite: true);

    [Fact]
    public async Task A_file_and_the_evaluator_agree_on_every_record_and_verdict()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        List<UpdatePair> pairs = [.. Enumerable.Range(0, Pairs).Select(static number => new UpdatePair("pairs", Seed, number))];
        string path = Path.Combine(Directory.CreateTempSubdirectory("digeststore-updates-").FullName, "digests.db");
        using (var source = new SqliteTableSource(path))
        {
            // The schema of the file, before the records are put into it beside the table: their attributes are of types that no update can set.
            IDigestTable table = source.Open(new DigestStoreOptions());
            await table.LookupAsync(new LookupRequest("pairs", [pairs[0].Key], Consistent: true), new Attempt(stop));
            using (Database file = Database.Open(path))
            {
                file.Execute("BEGIN");
                var writer = new RecordWriter(file);
                writer.Write("pairs", [.. pairs.Where(static pair => pair.Before is not null).Select(static pair => RecordRow.Of(pair.Before!, AttributeSize.Of(pair.Before!)))], partition: "", deletes: []);
                file.Execute("COMMIT");
            }

            await Parallel.ForEachAsync(pairs, Parallelism(stop), async (pair, token) => AssertVerdict(pair, await table.UpdateAsync(pair.Update, new Attempt(token)), tellsOld: true));
            using Database after = Database.Open(path);
            Assert.All(pairs, pair => AssertRecord(pair, new RecordWriter(after).Find("pairs", pair.Key)));
        }

        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public void The_pairs_meet_every_verdict_and_every_kind_of_change()
    {
        List<UpdatePair> pairs = [.. Enumerable.Range(0, 4_000).Select(static number => new UpdatePair("pairs", Seed, number))];

        Assert.All(
            pairs.CountBy(static pair => UpdateEvaluator.Apply(pair.Update, pair.Before).Verdict),
            static verdict => Assert.True(verdict.Value > 100, $"{verdict.Key}: {verdict.Value}"));
        Assert.Equal(3, pairs.Select(static pair => UpdateEvaluator.Apply(pair.Update, pair.Before).Verdict).Distinct().Count());
        Assert.Equal(6, pairs.SelectMany(static pair => pair.Update.Changes).Select(static change => change.GetType()).Distinct().Count());
    }

    private static async Task AssertAgreesAsync(Uri endpoint, bool isDynalite)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        using IAmazonDynamoDB client = Engines.CreateClient(endpoint);
        string table = "pairs-" + Guid.NewGuid().ToString("N");
        await DigestTable.EnsureCreatedAsync(client, new DigestStoreOptions { TableName = table }, stop);
        try
        {
            List<UpdatePair> pairs = [.. Enumerable.Range(0, Pairs).Select(number => new UpdatePair(table, Seed, number)).Where(pair => !isDynalite || !pair.CopiesWhatIsAddedTo)];
            await Parallel.ForEachAsync(pairs.Where(static pair => pair.Before is not null).Chunk(25), Parallelism(stop), async (some, token) => await PutAsync(client, table, some, token));
            var port = new DynamoDbTable(client);
            await Parallel.ForEachAsync(pairs, Parallelism(stop), async (pair, token) => AssertVerdict(pair, await port.UpdateAsync(pair.Update, new Attempt(token)), tellsOld: !isDynalite));
            await Parallel.ForEachAsync(pairs.Chunk(100), Parallelism(stop), async (some, token) => await AssertRecordsAsync(client, table, some, token));
        }
        finally
        {
            await client.DeleteTableAsync(table, CancellationToken.None);
        }
    }

    private static void AssertVerdict(UpdatePair pair, UpdateReply reply, bool tellsOld)
    {
        (UpdateVerdict expected, Dictionary<string, AttributeValue>? after) = UpdateEvaluator.Apply(pair.Update, pair.Before);
        UpdateVerdict? verdict = reply.Fault?.Kind switch
        {
            null => UpdateVerdict.Applied,
            FaultKind.ConditionFailed => UpdateVerdict.Refused,
            FaultKind.Invalid => UpdateVerdict.Invalid,
            _ => null,
        };
        Assert.True(verdict == expected, $"The evaluator says {expected}, the engine {verdict} ({reply.Fault}).\n{Describe(pair)}");

        Dictionary<string, AttributeValue>? record = expected switch
        {
            UpdateVerdict.Applied => pair.Update.ReturnsRecord ? after : null,
            UpdateVerdict.Refused => tellsOld ? pair.Before : null,
            UpdateVerdict.Invalid => null,
        };
        string told = UpdatePair.Show(record is null ? null : new StoredRecord(pair.Key, record));
        string shown = UpdatePair.Show(reply.Record);
        Assert.True(string.Equals(told, shown, StringComparison.Ordinal), $"The reply should tell {told}, and tells {shown}.\n{Describe(pair)}");
    }

    private static async Task AssertRecordsAsync(IAmazonDynamoDB client, string table, UpdatePair[] pairs, CancellationToken stop)
    {
        BatchGetItemResponse response = await client.BatchGetItemAsync(Queries.Lookup(new LookupRequest(table, [.. pairs.Select(static pair => pair.Key)], Consistent: true)), stop);
        Assert.Empty(response.UnprocessedKeys ?? []);
        var records = response.Responses[table].ToDictionary(static record => record["pk"].S, StringComparer.Ordinal);
        foreach (UpdatePair pair in pairs)
        {
            AssertRecord(pair, records.GetValueOrDefault(pair.Key.PartitionKey));
        }
    }

    private static void AssertRecord(UpdatePair pair, Dictionary<string, AttributeValue>? record)
    {
        string expected = UpdatePair.Show(UpdateEvaluator.Apply(pair.Update, pair.Before).After ?? pair.Before);
        string actual = UpdatePair.Show(record);
        Assert.True(string.Equals(expected, actual, StringComparison.Ordinal), $"The evaluator makes {expected}, the engine {actual}.\n{Describe(pair)}");
    }

    private static async Task PutAsync(IAmazonDynamoDB client, string table, UpdatePair[] pairs, CancellationToken stop)
    {
        List<WriteRequest> puts = [.. pairs.Select(static pair => new WriteRequest(new PutRequest(pair.Before)))];
        BatchWriteItemResponse response = await client.BatchWriteItemAsync(new BatchWriteItemRequest { RequestItems = new() { [table] = puts } }, stop);
        Assert.Empty(response.UnprocessedItems ?? []);
    }

    private static string Describe(UpdatePair pair) => $"{SeedVariable}={Seed} {PairsVariable}={Pairs}, {pair.Key.PartitionKey}\n{pair}";

    private static ParallelOptions Parallelism(CancellationToken stop) => new() { MaxDegreeOfParallelism = Concurrency, CancellationToken = stop };

    private static int Setting(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;
}
