using Amazon.DynamoDBv2;
using DigestStore.InfrastructureTests.Running;
using DigestStore.TestSupport;

namespace DigestStore.InfrastructureTests.Runbook;

/// <summary>
/// What the runbook's commands find: a day in a table of DynamoDB Local that is delivered, the day before it whose email failed, the letters of a store in which
/// DynamoDB refused two items, and the letter of a delivery.
/// </summary>
public sealed class RunbookDay : IAsyncLifetime
{
    public const int Items = 30;

    private const string Poison = "poison";

    private readonly DirectoryInfo _letters = Directory.CreateTempSubdirectory("runbook-letters-");

    public static DateOnly Date { get; } = new(2026, 11, 21);

    public IAmazonDynamoDB Client { get; } = Engines.CreateClient(Engines.DynamoDbLocal);

    public string Table { get; } = $"runbook-{Guid.NewGuid():N}";

    public string Letters => _letters.FullName;

    /// <summary>A day's items, of which the first ones are such that DynamoDB refuses.</summary>
    public static DigestItem[] Feed(int poisoned) =>
        [.. Enumerable.Range(0, Items).Select(index => new DigestItem { Url = $"https://example.com/{index}", Title = index < poisoned ? Poison : $"title {index}" })];

    public async ValueTask InitializeAsync()
    {
        // Times that a busy machine keeps.
        var options = new DigestStoreOptions { TableName = Table, Deadline = TimeSpan.FromMinutes(2), AttemptTimeout = TimeSpan.FromMinutes(1) };
        await DigestTable.EnsureCreatedAsync(Client, options);
        using var repository = new DigestRepository(Client, options);
        StoreResult stored = await repository.StoreAsync(Date, Feed(0));
        Assert.Equal(Items, stored.Inserted);
        DeliveryResult delivered = await repository.DeliverAsync(Date, Feed(0), static (_, _) => Task.FromResult(new DeliveryReceipt()));
        Assert.Equal(DeliveryOutcome.Delivered, delivered.Outcome);
        DeliveryResult failed = await repository.DeliverAsync(Date.AddDays(-1), Feed(0), static (_, _) => throw new DeliveryFailedException(DeliveryFailureKind.Retry, "The mail server is closed."));
        Assert.Equal(DeliveryOutcome.Failed, failed.Outcome);

        await using StoreHost host = StoreHost.Start(new DateTimeOffset(Date, new TimeOnly(6, 0), TimeSpan.Zero));
        host.DynamoDb.Script = static request => request.Body.ToJsonString().Contains(Poison, StringComparison.Ordinal) ? Play.Error("ValidationException") : Play.Healthy;
        StoreResult refused = await host.StoreAsync(Date, Feed(2));
        Assert.Equal((2, 2), (refused.Failed, refused.DeadLettered));
        host.DynamoDb.Script = static _ => Play.Denied;
        DeliveryResult unrecorded = await host.DeliverAsync(Date, Feed(0));
        Assert.True(unrecorded.IsDeadLettered);
        host.Letters.GetDirectories().Single().MoveTo(Path.Combine(Letters, Table));
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DeleteTableAsync(Table);
        Client.Dispose();
        _letters.Delete(recursive: true);
    }
}
