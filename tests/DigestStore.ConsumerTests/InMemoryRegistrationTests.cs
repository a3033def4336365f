using DigestStore;
using DigestStore.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ConsumerTests;

public sealed class InMemoryRegistrationTests
{
    [Fact]
    public async Task The_in_memory_store_is_registered_in_one_line()
    {
        await using ServiceProvider services = new ServiceCollection().AddInMemoryDigestStore().Services.BuildServiceProvider(validateScopes: true);
        IDigestRepository digests = services.GetRequiredService<IDigestRepository>();

        StoreResult result = await digests.StoreAsync(Some.Day, [Some.Link("one"), Some.Link("two", "https://example.org/b")], cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(2, result.Inserted);
        Assert.Equal(["one", "two"], (await digests.GetAsync(Some.Day, TestContext.Current.CancellationToken)).Select(stored => stored.Item.Title));
        Assert.Same(digests, services.GetRequiredService<IDigestRepository>());
    }

    [Fact]
    public async Task Two_containers_share_nothing()
    {
        await using ServiceProvider one = new ServiceCollection().AddInMemoryDigestStore().Services.BuildServiceProvider();
        await using ServiceProvider two = new ServiceCollection().AddInMemoryDigestStore().Services.BuildServiceProvider();
        await one.GetRequiredService<IDigestRepository>().StoreAsync(Some.Day, [Some.Link()], cancellationToken: TestContext.Current.CancellationToken);

        Assert.Empty(await two.GetRequiredService<IDigestRepository>().GetAsync(Some.Day, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Registering_twice_does_no_harm()
    {
        ServiceCollection collection = new();
        collection.AddInMemoryDigestStore();
        collection.AddInMemoryDigestStore();
        await using ServiceProvider services = collection.BuildServiceProvider();

        Assert.Single(services.GetServices<IDigestRepository>());
    }

    [Fact]
    public async Task It_takes_the_place_of_the_application_s_own_registration()
    {
        ServiceCollection application = new();
        application.AddDigestStore(options => options.TableName = "production");
        application.AddInMemoryDigestStore();
        await using ServiceProvider services = application.BuildServiceProvider();

        Assert.IsType<InMemoryDigestRepository>(services.GetRequiredService<IDigestRepository>());
    }

    [Fact]
    public async Task Repositories_can_share_a_storage()
    {
        var storage = new InMemoryDigestStorage();
        await new InMemoryDigestRepository(storage: storage).StoreAsync(Some.Day, [Some.Link("one")], cancellationToken: TestContext.Current.CancellationToken);

        Digest digest = await new InMemoryDigestRepository(storage: storage).GetAsync(Some.Day, TestContext.Current.CancellationToken);
        Assert.Equal("one", Assert.Single(digest).Item.Title);
    }

    [Fact]
    public async Task An_email_job_runs_on_it_unchanged()
    {
        List<string> sent = [];
        var job = new EmailJob(new InMemoryDigestRepository(), sent.Add);

        StoreResult result = await job.RunAsync(Some.Day, [Some.Link("one"), Some.Link("bad", "/relative")], TestContext.Current.CancellationToken);

        Assert.Equal([DigestItemOutcome.Inserted, DigestItemOutcome.Rejected], result.Outcomes);
        Assert.Equal("one", await job.YesterdayAsync(Some.Day.AddDays(1), TestContext.Current.CancellationToken));
        Assert.Equal(["one, bad"], sent);
    }
}
