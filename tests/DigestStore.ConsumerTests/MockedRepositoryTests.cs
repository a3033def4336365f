using DigestStore;
using Moq;

namespace ConsumerTests;

public sealed class MockedRepositoryTests
{
    private readonly Mock<IDigestRepository> _digests = new(MockBehavior.Strict);
    private readonly List<string> _sent = [];

    private EmailJob Job => new(_digests.Object, _sent.Add);

    [Fact]
    public async Task The_email_goes_out_when_everything_is_stored()
    {
        Stores(StoreResult.Create([DigestItemOutcome.Inserted, DigestItemOutcome.Unchanged]));

        StoreResult result = await Job.RunAsync(Some.Day, [Some.Link("one"), Some.Link("two")], TestContext.Current.CancellationToken);

        Assert.Equal(["one, two"], _sent);
        Assert.Equal(StoreStatus.Stored, result.Status);
        _digests.VerifyAll();
    }

    [Fact]
    public async Task The_email_goes_out_when_the_database_is_down()
    {
        Stores(StoreResult.Create([DigestItemOutcome.Failed], new StoreResultDetails
        {
            Problems = [new StoreProblem { Index = 0, Outcome = DigestItemOutcome.Failed, Reason = StoreProblemReason.Unavailable, Message = "The database could not be reached." }],
            Cost = new StoreCost { Requests = 3, Retries = 2 },
        }));

        await Job.RunAsync(Some.Day, [Some.Link("one")], TestContext.Current.CancellationToken);

        Assert.Equal(["one [not archived: Failed]"], _sent);
    }

    [Fact]
    public async Task The_email_goes_out_when_the_store_is_switched_off()
    {
        Stores(StoreResult.Create([], new StoreResultDetails { Disabled = true }));

        await Job.RunAsync(Some.Day, [], TestContext.Current.CancellationToken);

        Assert.Equal([" [not archived: Disabled]"], _sent);
    }

    [Fact]
    public async Task A_read_can_be_answered_and_can_fail()
    {
        _digests
            .SetupSequence(digests => digests.GetAsync(Some.Day, It.IsAny<CancellationToken>()))
            .ReturnsAsync(new Digest(Some.Day, [Some.Stored(Some.Link("second"), ordinal: 1), Some.Stored(Some.Link("first"))]))
            .ReturnsAsync(new Digest(Some.Day, []))
            .ThrowsAsync(new DigestStoreException(DigestStoreErrorReason.Throttled, "Try again later."));

        DateOnly today = Some.Day.AddDays(1);
        Assert.Equal("first, second", await Job.YesterdayAsync(today, TestContext.Current.CancellationToken));
        Assert.Equal("nothing yesterday", await Job.YesterdayAsync(today, TestContext.Current.CancellationToken));
        Assert.Equal("yesterday is unknown: Throttled", await Job.YesterdayAsync(today, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Streams_finds_and_deletes_can_be_mocked()
    {
        StoredDigestItem stored = Some.Stored(Some.Link());
        _digests.Setup(digests => digests.ReadAsync(Some.Day, default)).Returns(new[] { stored }.ToAsyncEnumerable());
        _digests.Setup(digests => digests.FindAsync(Some.Day, stored.Item.Url, default)).ReturnsAsync(stored);
        _digests.Setup(digests => digests.FindAsync(Some.Day, stored.Id, default)).ReturnsAsync(stored);
        _digests.Setup(digests => digests.DeleteAsync(Some.Day, stored.Item.Url, default)).ReturnsAsync(true);
        _digests.Setup(digests => digests.DeleteAsync(Some.Day, stored.Id, default)).ReturnsAsync(false);
        _digests
            .Setup(digests => digests.StoreAsync(Some.Day, It.IsAny<IAsyncEnumerable<DigestItem>>(), null, default))
            .ReturnsAsync(StoreResult.Create([DigestItemOutcome.Updated]));

        IDigestRepository repository = _digests.Object;
        Assert.Equal([stored], await repository.ReadAsync(Some.Day).ToListAsync());
        Assert.Equal(stored, await repository.FindAsync(Some.Day, stored.Item.Url));
        Assert.Equal(stored, await repository.FindAsync(Some.Day, stored.Id));
        Assert.True(await repository.DeleteAsync(Some.Day, stored.Item.Url));
        Assert.False(await repository.DeleteAsync(Some.Day, stored.Id));
        Assert.Equal(1, (await repository.StoreAsync(Some.Day, AsyncEnumerable.Empty<DigestItem>())).Updated);
    }

    private void Stores(StoreResult result) =>
        _digests
            .Setup(digests => digests.StoreAsync(
                Some.Day,
                It.IsAny<IEnumerable<DigestItem>>(),
                It.Is<StoreCallOptions?>(options => options!.Caller == nameof(EmailJob)),
                It.IsAny<CancellationToken>()))
            .ReturnsAsync(result);
}
