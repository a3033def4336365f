using DigestStore.TestSupport;

namespace DigestStore.UnitTests.TestSupport;

public sealed class EnginesTests
{
    [Fact]
    public void Without_an_engine_the_error_names_the_remedy()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Engines.Find(Engines.DynaliteVariable, _ => null));

        Assert.Equal(
            "This test needs a DynamoDB engine, and neither DIGESTSTORE_TEST_DYNALITE nor DIGESTSTORE_TEST_ENDPOINT is set. "
            + "Run ./test.sh, or set DIGESTSTORE_TEST_ENDPOINT to the URL of an engine that runs already.",
            error.Message);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8000", "http://127.0.0.1:9000", "http://127.0.0.1:8000/")]
    [InlineData(null, "http://127.0.0.1:9000", "http://127.0.0.1:9000/")]
    [InlineData("", "http://127.0.0.1:9000", "http://127.0.0.1:9000/")]
    public void An_engines_own_variable_goes_before_the_common_one(string? own, string? common, string expected)
    {
        var endpoint = Engines.Find(Engines.DynamoDbLocalVariable, name => name == Engines.EndpointVariable ? common : own);

        Assert.Equal(expected, endpoint.AbsoluteUri);
    }

    [Theory]
    [InlineData("localhost:8000")]
    [InlineData("/etc/passwd")]
    public void What_is_no_url_is_refused(string value)
    {
        Assert.Throws<InvalidOperationException>(() => Engines.Find(Engines.DynamoDbLocalVariable, _ => value));
    }
}
