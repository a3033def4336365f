using Amazon.DynamoDBv2;
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
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        await EngineTables.CreateAsync(_client, OfTemplate, cancellationToken);
        try
        {
            await DigestTable.EnsureCreatedAsync(_client, new DigestStoreOptions { TableName = OfLibrary }, cancellationToken);
            TableSettings template = await EngineTables.DescribeAsync(_client, OfTemplate, cancellationToken);
            TableSettings library = await EngineTables.DescribeAsync(_client, OfLibrary, cancellationToken);

            // The two settings in which they differ. A table for development must be easy to delete, and DynamoDB Local, which keeps every
            // record of a stream, becomes slow with one.
            Assert.Equal(("on", "off"), (template["deletion protection"], library["deletion protection"]));
            Assert.Equal(("NEW_IMAGE", ""), (template["stream"], library["stream"]));
            library["deletion protection"] = "on";
            library["stream"] = "NEW_IMAGE";
            Assert.Equal(template, library);

            // DynamoDB Local made what the template says, so nothing was lost on the way to it.
            Assert.Equal(TableSettings.Of(CloudFormationTemplate.Load()).Known(template), template);
        }
        finally
        {
            await EngineTables.DeleteAsync(_client, OfTemplate);
            await _client.DeleteTableAsync(OfLibrary, CancellationToken.None);
        }
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
}
