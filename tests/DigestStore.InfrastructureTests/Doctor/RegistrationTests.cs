using Amazon.DynamoDBv2;
using DigestStore.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DigestStore.InfrastructureTests.Doctor;

public sealed class RegistrationTests : IAsyncDisposable
{
    private readonly ScriptedTable _table = new();

    public ValueTask DisposeAsync() => _table.DisposeAsync();

    [Fact]
    public async Task The_client_of_the_container_is_used_and_not_disposed()
    {
        using IAmazonDynamoDB client = Engines.CreateClient(_table.Server.Uri);
        await using ServiceProvider services = new ServiceCollection().AddSingleton(client).AddDigestStore().Services.BuildServiceProvider();
        DigestTableDoctor doctor = services.GetRequiredService<DigestTableDoctor>();

        await doctor.InspectAsync(TestContext.Current.CancellationToken);
        DigestTableReport report = await doctor.InspectAsync(TestContext.Current.CancellationToken);

        Assert.Equal((0, "digests", "daily"), (report.Problems, report.TableName, report.Digest));
    }

    [Fact]
    public async Task A_named_store_has_a_doctor_of_its_own()
    {
        using IAmazonDynamoDB client = Engines.CreateClient(_table.Server.Uri);
        await using ServiceProvider services = new ServiceCollection()
            .AddKeyedSingleton("weekly", client)
            .AddDigestStore("weekly", options => (options.TableName, options.DigestName) = ("other-table", "weekly")).Services
            .BuildServiceProvider();

        DigestTableReport report = await services.GetRequiredKeyedService<DigestTableDoctor>("weekly").InspectAsync(TestContext.Current.CancellationToken);

        Assert.Equal(("other-table", "weekly"), (report.TableName, report.Digest));
        Assert.Null(services.GetService<DigestTableDoctor>());
        Assert.All(_table.Server.Requests.All, static request => Assert.Equal("other-table", (string?)request.Body["TableName"]));
    }

    [Fact]
    public async Task Invalid_options_are_refused_with_their_names()
    {
        await using ServiceProvider services = new ServiceCollection().AddDigestStore(static options => options.TableName = "?").Services.BuildServiceProvider();

        OptionsValidationException refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => services.GetRequiredService<DigestTableDoctor>().InspectAsync(TestContext.Current.CancellationToken));

        Assert.Contains("TableName", refusal.Message, StringComparison.Ordinal);
        using IAmazonDynamoDB client = Engines.CreateClient(_table.Server.Uri);
        Assert.Throws<ArgumentException>(() => new DigestTableDoctor(client, new DigestStoreOptions { TableName = "?" }));
        Assert.Throws<ArgumentNullException>(() => new DigestTableDoctor(null!, new DigestStoreOptions()));
        Assert.Throws<ArgumentNullException>(() => new DigestTableDoctor(client, null!));
    }
}
