using System.Text.Json.Nodes;
using DigestStore.DynamoDb;
using DigestStore.TestSupport;

namespace DigestStore.UnitTests.Reading;

// On the wire, since local engines answer consistently whatever they are asked for.
public sealed class ConsistencyTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reads_are_as_consistent_as_the_option_says_and_compares_always_are(bool consistentReads)
    {
        await using ScriptedEndpoint server = ScriptedEndpoint.Start();
        var options = new DigestStoreOptions { ServiceUrl = server.Uri.AbsoluteUri, ConsistentReads = consistentReads };
        using var repository = new DigestRepository(new OwnClientSource(), () => options);

        (await repository.StoreAsync(Some.Date, Some.Items(30))).EnsureStored();
        (await repository.StoreAsync(Some.Date, Some.Items(2))).EnsureStored();
        Assert.Equal([true], server.Requests.Of("Query").Select(IsConsistent));
        Assert.Equal([true], server.Requests.Of("BatchGetItem").Select(IsConsistent));

        Assert.Equal(30, (await repository.GetAsync(Some.Date)).Count);
        Assert.NotNull(await repository.FindAsync(Some.Date, Some.Items(1)[0].Url));
        Assert.True(await repository.DeleteAsync(Some.Date, Some.Items(1)[0].Url));

        Assert.Equal([true, consistentReads], server.Requests.Of("Query").Select(IsConsistent));
        Assert.Equal([true, consistentReads, true], server.Requests.Of("BatchGetItem").Select(IsConsistent));
        Assert.Empty(server.Requests.Problems);
    }

    private static bool IsConsistent(RecordedRequest request)
    {
        JsonNode body = request.Operation == "Query" ? request.Body : request.Body["RequestItems"]!["digests"]!;
        return body["ConsistentRead"]?.GetValue<bool>() ?? false;
    }
}
