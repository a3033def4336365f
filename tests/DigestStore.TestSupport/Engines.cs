using Amazon.DynamoDBv2;
using Amazon.Runtime;

namespace DigestStore.TestSupport;

/// <summary>The two real DynamoDB engines of the tests, which <c>./test.sh</c> starts.</summary>
public static class Engines
{
    /// <summary>One engine for everything; used where an engine's own variable is not set.</summary>
    public const string EndpointVariable = "DIGESTSTORE_TEST_ENDPOINT";

    /// <summary>AWS's own DynamoDB Local.</summary>
    public const string DynamoDbLocalVariable = "DIGESTSTORE_TEST_DYNAMODB_LOCAL";

    /// <summary>dynalite, a second, independent engine.</summary>
    public const string DynaliteVariable = "DIGESTSTORE_TEST_DYNALITE";

    /// <exception cref="InvalidOperationException">No engine was named: such a test fails, it is never skipped.</exception>
    public static Uri DynamoDbLocal => Find(DynamoDbLocalVariable);

    /// <exception cref="InvalidOperationException">No engine was named: such a test fails, it is never skipped.</exception>
    public static Uri Dynalite => Find(DynaliteVariable);

    /// <summary>A client that sends each request once, with dummy credentials.</summary>
    public static IAmazonDynamoDB CreateClient(Uri endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return new AmazonDynamoDBClient(
            new BasicAWSCredentials("test", "test"),
            new AmazonDynamoDBConfig
            {
                ServiceURL = endpoint.AbsoluteUri,
                AuthenticationRegion = "us-east-1",
                MaxErrorRetry = 0,
                MaxStaleConnectionRetries = 0,
                AllowAutoRedirect = false,
                Timeout = TimeSpan.FromSeconds(30),
            });
    }

    internal static Uri Find(string variable, Func<string, string?>? read = null)
    {
        read ??= Environment.GetEnvironmentVariable;
        var value = read(variable) is { Length: > 0 } own ? own : read(EndpointVariable);
        if (string.IsNullOrEmpty(value))
        {
            throw new InvalidOperationException(
                $"This test needs a DynamoDB engine, and neither {variable} nor {EndpointVariable} is set. "
                + $"Run ./test.sh, or set {EndpointVariable} to the URL of an engine that runs already.");
        }

        return Uri.TryCreate(value, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https")
            ? uri
            : throw new InvalidOperationException($"{variable} or {EndpointVariable} is '{value}', which is no http(s) URL.");
    }
}
