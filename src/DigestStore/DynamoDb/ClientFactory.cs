using Amazon;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using DigestStore.Calls;

namespace DigestStore.DynamoDb;

// Creates the library's own client. It sends each request once, because the library does the retries, and it uses the library's HTTP
// client.
internal static class ClientFactory
{
    // The SDK reads environment variables and files here and may throw any exception, which is always about the settings.
    public static AmazonDynamoDBClient Create(DigestStoreOptions options, HttpClientFactory httpClients)
    {
        try
        {
            return CreateClient(options, httpClients);
        }
        catch (Exception exception) when (!Fatal.Is(exception))
        {
            throw new ClientNotMadeException(exception);
        }
    }

    // The client's own retries would multiply those of the library, and a redirect may end in a 200 from another server.
    public static bool RetriesOrRedirects(IAmazonDynamoDB client) => RetriesByItself(client) || client.Config is { AllowAutoRedirect: true };

    public static bool RetriesByItself(IAmazonDynamoDB client) => client.Config is { } config && (config.MaxErrorRetry > 0 || config.MaxStaleConnectionRetries > 0);

    private static AmazonDynamoDBClient CreateClient(DigestStoreOptions options, HttpClientFactory httpClients)
    {
        var config = new AmazonDynamoDBConfig
        {
            // The two settings are independent: without the second one, the SDK sends a request again up to ten times after a connection
            // is reset.
            MaxErrorRetry = 0,
            MaxStaleConnectionRetries = 0,

            // With AWS_RETRY_MODE=adaptive the SDK would delay requests for seconds after a throttle, even without retries.
            RetryMode = RequestRetryMode.Standard,
            AllowAutoRedirect = false,
            HttpClientFactory = httpClients,
        };

        if (options.ServiceUrl is { } url)
        {
            config.ServiceURL = url;
            bool isLoopback = new Uri(url).IsLoopback;

            // For an endpoint of AWS the SDK finds the region in the URL. A local engine accepts any region, but the signature needs one.
            config.AuthenticationRegion = options.Region ?? (isLoopback ? Environment.GetEnvironmentVariable("AWS_REGION") ?? "us-east-1" : null);
            if (isLoopback && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("AWS_ACCESS_KEY_ID")))
            {
                return new AmazonDynamoDBClient(new BasicAWSCredentials("local", "local"), config);
            }
        }
        else if (options.Region is { } region)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }

        return new AmazonDynamoDBClient(new WatchedCredentials(config), config);
    }
}
