using Amazon.DynamoDBv2;
using DigestStore.DynamoDb;
using DigestStore.Table;
using DigestStore.TestSupport;

namespace DigestStore.UnitTests.DynamoDb;

// A flow can be kept for ever, by a timer that a credential provider starts in it.
public sealed class SdkCallTests
{
    private static readonly PageRequest Request = PageRequest.OfDay(Some.Partition, after: null, consistent: true);
    private static readonly Attempt Attempt = new(CancellationToken.None);

    [Fact]
    public void A_page_is_given_up_with_the_first_look_at_it()
    {
        var page = new PageReply();
        var call = new SdkCall(Attempt, Request);
        call.SetPage(Request, page);

        Assert.Same(page, call.TakePage());
        Assert.Null(call.TakePage());
        Assert.Null(call.RequestedPage);
    }

    [Fact]
    public void A_page_that_comes_when_nobody_waits_for_it_is_not_kept()
    {
        var call = new SdkCall(Attempt, Request);
        call.TakePage();
        call.SetPage(Request, new PageReply());

        Assert.Null(call.TakePage());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_flow_keeps_nothing_of_what_was_read_in_it(bool isAnswered)
    {
        await using ScriptedEndpoint server = ScriptedEndpoint.Start();
        if (!isAnswered)
        {
            server.On("Query").Answer(Fault.WrongChecksum());
        }

        var options = new DigestStoreOptions { ServiceUrl = server.Uri.AbsoluteUri, TableName = "digests" };
        using var httpClients = new InspectingHttpClientFactory(options);
        using AmazonDynamoDBClient client = ClientFactory.Create(options, httpClients);
        var calls = new List<SdkCall?>();
        var table = new DynamoDbTable(
            () =>
            {
                calls.Add(SdkCall.Current);
                return client;
            },
            readsPages: true);

        PageReply page = await table.QueryAsync(Request, new Attempt(TestContext.Current.CancellationToken));

        Assert.Equal(isAnswered, page.Fault is null);
        SdkCall call = Assert.Single(calls)!;
        Assert.Null(call.RequestedPage);
        Assert.Null(call.TakePage());

        // The flow of the caller knows nothing of the call.
        Assert.Null(SdkCall.Current);
    }
}
