using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

/// <summary>What the server saw of the items.</summary>
internal static class Wire
{
    public static IReadOnlyList<RecordedRequest> Writes(this FaultScenario scenario) => scenario.Server.Requests.Of("BatchWriteItem");

    /// <summary>The items' sort keys in the order in which a request puts them.</summary>
    public static IReadOnlyList<string> Keys(this RecordedRequest write) =>
        [.. write.Writes.Select(put => put["PutRequest"]!["Item"]!["sk"]!["S"]!.GetValue<string>())];

    /// <summary>The items' titles in the order in which a request puts them.</summary>
    public static IReadOnlyList<string> Titles(this RecordedRequest write) =>
        [.. write.Writes.Select(put => put["PutRequest"]!["Item"]!["title"]!["S"]!.GetValue<string>())];

    /// <summary>No request may name a key twice or more than 25 of them: DynamoDB would refuse the whole of it.</summary>
    public static void AssertWritesAreLegal(this FaultScenario scenario) => Assert.All(scenario.Writes(), write =>
    {
        IReadOnlyList<string> keys = write.Keys();
        Assert.InRange(keys.Count, 1, 25);
        Assert.Equal(keys.Count, keys.Distinct().Count());
    });

    public static void AssertRequests(this FaultScenario scenario, int compares, int writes, int headers)
    {
        RequestLog requests = scenario.Server.Requests;
        Assert.Equal((compares, writes, headers), (requests.CountOf("Query") + requests.CountOf("BatchGetItem"), requests.CountOf("BatchWriteItem"), requests.CountOf("UpdateItem")));
        Assert.Equal(compares + writes + headers, requests.Count);
        Assert.Empty(requests.Problems);
    }
}
