namespace DigestStore.FaultTests;

public sealed class ReplayTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Engine.DynamoDbLocal)]
    [InlineData(Engine.Dynalite)]
    [FaultRow(99, "A dead letter is replayed that is older than what is stored", "It is superseded; the newer content is untouched, and letters of absent pages are stored.")]
    public async Task An_old_letter_does_not_overwrite_newer_content(Engine engine)
    {
        await using EngineTable table = await EngineTable.StartAsync(engine);
        DirectoryInfo directory = Directory.CreateTempSubdirectory("digeststore-letters-");
        try
        {
            DigestItem[] items = FaultScenario.Items(2);
            var sink = new FileDeadLetterSink(new FileDeadLetterOptions { Directory = directory.FullName });
            await sink.WriteAsync(
                [.. items.Select((item, n) => new DeadLetter
                {
                    Item = item with { Title = "of yesterday" },
                    Table = table.Name,
                    Digest = "daily",
                    Date = FaultScenario.Date,
                    Ordinal = n,
                    IdRules = "",
                    StoreStartedAt = DateTimeOffset.UtcNow.AddDays(-1),
                    Reason = StoreProblemReason.Unavailable,
                })],
                Token);
            await table.StoreAsync([items[0]]);
            var before = Assert.Single(await table.ItemsAsync());

            DeadLetterReplayResult result = await new DeadLetterReplay(table.Repository, sink).RunAsync(cancellationToken: Token);

            Assert.Equal((2, 1, 1, 0), (result.Letters, result.Stored, result.Superseded, result.Kept));
            Assert.Equal(["of yesterday", items[0].Title], (await table.ReadAsync()).Select(item => item.Item.Title).Order());
            var after = (await table.ItemsAsync()).Single(record => record["sk"].S == before["sk"].S);
            Assert.Equal((before["revision"].N, before["updatedAt"].S), (after["revision"].N, after["updatedAt"].S));
            Assert.Empty(Directory.EnumerateFiles(directory.FullName, "*.jsonl", SearchOption.AllDirectories));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
