using DigestStore.DynamoDb;
using DigestStore.Table;
using DigestStore.TestSupport;

namespace DigestStore.UnitTests.DynamoDb;

// A flow can be kept for ever, by a timer that a credential provider starts in it.
public sealed class AttemptTests
{
    private static readonly PageRequest Request = PageRequest.OfDay(Some.Partition, after: null, consistent: true);

    [Fact]
    public void A_page_is_given_up_with_the_first_look_at_it()
    {
        var page = new PageReply();
        Attempt attempt = Attempt.RequestPage(Request);
        attempt.SetPage(page);

        Assert.Same(page, attempt.TakePage());
        Assert.Null(attempt.TakePage());
        Assert.Null(attempt.RequestedPage);
    }

    [Fact]
    public void A_page_that_comes_when_nobody_waits_for_it_is_not_kept()
    {
        Attempt attempt = Attempt.RequestPage(Request);
        attempt.TakePage();
        attempt.SetPage(new PageReply());

        Assert.Null(attempt.TakePage());
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

        using var tables = new OwnClientSource();
        IDigestTable table = tables.Open(new DigestStoreOptions { ServiceUrl = server.Uri.AbsoluteUri, TableName = "digests" });
        Attempt.Begin(TestContext.Current.CancellationToken);

        PageReply page = await table.QueryAsync(Request, TestContext.Current.CancellationToken);

        Assert.Equal(isAnswered, page.Fault is null);
        Assert.Null(Attempt.Current!.RequestedPage);
        Assert.Null(Attempt.Current.TakePage());
    }
}
