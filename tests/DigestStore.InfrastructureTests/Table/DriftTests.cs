using Amazon;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using DigestStore.InfrastructureTests.Template;
using DigestStore.TestSupport;

namespace DigestStore.InfrastructureTests.Table;

/// <summary>The template's table and the one that the library creates are the same, as far as DynamoDB Local knows.</summary>
public sealed class DriftTests : IDisposable
{
    private readonly IAmazonDynamoDB _client = Engines.CreateClient(Engines.DynamoDbLocal);
    private readonly string _suffix = Guid.NewGuid().ToString("N");

    private string OfTemplate => "template-" + _suffix;

    private string OfLibrary => "library-" + _suffix;

    [Fact]
    public async Task The_library_creates_the_table_of_the_template()
    {
        using IAmazonDynamoDB aws = AsOnAws();
        (TableSettings template, TableSettings library) = await CreateBothAsync(aws);

        // The one setting in which they differ, because a table for development must be easy to delete.
        Assert.Equal(("on", "off"), (template["deletion protection"], library["deletion protection"]));
        library["deletion protection"] = "on";
        Assert.Equal(template, library);

        // DynamoDB Local made what the template says, so nothing was lost on the way to it.
        Assert.Equal(TableSettings.Of(CloudFormationTemplate.Load()).Known(template), template);
    }

    // DynamoDB Local, which keeps every record of a stream, becomes slow with one.
    [Fact]
    public async Task On_a_local_engine_the_table_has_no_stream()
    {
        (TableSettings template, TableSettings library) = await CreateBothAsync(_client);

        Assert.Equal(("NEW_IMAGE", ""), (template["stream"], library["stream"]));
    }

    [Fact]
    public async Task The_library_takes_the_template_s_table_as_its_own()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        await EngineTables.CreateAsync(_client, OfTemplate, cancellationToken);
        try
        {
            Assert.False(await DigestTable.EnsureCreatedAsync(_client, new DigestStoreOptions { TableName = OfTemplate }, cancellationToken));
        }
        finally
        {
            await EngineTables.DeleteAsync(_client, OfTemplate);
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<(TableSettings Template, TableSettings Library)> CreateBothAsync(IAmazonDynamoDB client)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        await EngineTables.CreateAsync(_client, OfTemplate, cancellationToken);
        try
        {
            await DigestTable.EnsureCreatedAsync(client, new DigestStoreOptions { TableName = OfLibrary }, cancellationToken);
            return (await EngineTables.DescribeAsync(_client, OfTemplate, cancellationToken), await EngineTables.DescribeAsync(_client, OfLibrary, cancellationToken));
        }
        finally
        {
            await EngineTables.DeleteAsync(_client, OfTemplate);
            await _client.DeleteTableAsync(OfLibrary, CancellationToken.None);
        }
    }

    // A client of AWS's own endpoint, whose requests go to DynamoDB Local instead.
    private static AmazonDynamoDBClient AsOnAws() => new(
        new BasicAWSCredentials("test", "test"),
        new AmazonDynamoDBConfig { RegionEndpoint = RegionEndpoint.USEast1, MaxErrorRetry = 0, HttpClientFactory = new RedirectedClients(Engines.DynamoDbLocal) });

    private sealed class RedirectedClients(Uri engine) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new Redirection(engine));
    }

    private sealed class Redirection(Uri engine) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = engine;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
