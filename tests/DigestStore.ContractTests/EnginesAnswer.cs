using DigestStore.TestSupport;

namespace DigestStore.ContractTests;

public sealed class EnginesAnswer
{
    [Fact]
    public Task DynamoDB_Local_answers() => AssertAnswersAsync(Engines.DynamoDbLocal);

    [Fact]
    public Task Dynalite_answers() => AssertAnswersAsync(Engines.Dynalite);

    private static async Task AssertAnswersAsync(Uri endpoint)
    {
        using var client = Engines.CreateClient(endpoint);

        var response = await client.ListTablesAsync();

        Assert.NotNull(response.ResponseMetadata.RequestId);
    }
}
