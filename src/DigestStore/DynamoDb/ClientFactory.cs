using Amazon;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using DigestStore.Calls;

namespace DigestStore.DynamoDb;

// A client whose own machinery stays out of the way: one send per attempt, over an HTTP client of ours.
internal static class ClientFactory
{
    // Anything can be thrown by what the SDK does with environment variables and files; all of it is about settings.
    public static AmazonDynamoDBClient Create(DigestStoreOptions options, HttpClientFactory httpClients)
    {
        try
        {
            return Make(options, httpClients);
        }
        catch (Exception exception) when (!Fatal.Is(exception))
        {
            throw new ClientNotMadeException(exception);
        }
    }

    // Whether the SDK's own retries would multiply ours, or its redirects lead to a 200 from somewhere else.
    public static bool IsRisky(IAmazonDynamoDB client) => SendsAgain(client) || client.Config is { AllowAutoRedirect: true };

    public static bool SendsAgain(IAmazonDynamoDB client) => client.Config is { } config && (config.MaxErrorRetry > 0 || config.MaxStaleConnectionRetries > 0);

    private static AmazonDynamoDBClient Make(DigestStoreOptions options, HttpClientFactory httpClients)
    {
        var config = new AmazonDynamoDBConfig
        {
            // Both, since they are independent: a reset connection is otherwise sent again up to ten times.
            MaxErrorRetry = 0,
            MaxStaleConnectionRetries = 0,

            // Otherwise AWS_RETRY_MODE=adaptive makes the SDK hold back requests for seconds after a throttle, even if it retries none.
            RetryMode = RequestRetryMode.Standard,
            AllowAutoRedirect = false,
            HttpClientFactory = httpClients,
        };

        if (options.ServiceUrl is { } url)
        {
            config.ServiceURL = url;
            bool isLoopback = new Uri(url).IsLoopback;

            // Of AWS's own endpoints the SDK knows the region; local engines take any.
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
