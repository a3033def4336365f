using Amazon;
using Amazon.DynamoDBv2;
using Amazon.Runtime;

namespace DigestStore.Table;

// A client whose own machinery stays out of the way: one send per attempt, over an HTTP client of ours.
internal static class ClientFactory
{
    public static AmazonDynamoDBClient Create(DigestStoreOptions options, HttpClientFactory httpClients)
    {
        var config = new AmazonDynamoDBConfig
        {
            // Both, since they are independent: a reset connection is otherwise sent again up to ten times.
            MaxErrorRetry = 0,
            MaxStaleConnectionRetries = 0,
            AllowAutoRedirect = false,
            HttpClientFactory = httpClients,
        };

        if (options.ServiceUrl is { } url)
        {
            config.ServiceURL = url;
            config.AuthenticationRegion = options.Region ?? Environment.GetEnvironmentVariable("AWS_REGION") ?? "us-east-1";
            if (IsLocal(url))
            {
                return new AmazonDynamoDBClient(new BasicAWSCredentials("local", "local"), config);
            }
        }
        else if (options.Region is { } region)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }

        return new AmazonDynamoDBClient(config);
    }

    private static bool IsLocal(string url) =>
        new Uri(url).IsLoopback && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("AWS_ACCESS_KEY_ID"));

    // Whether the SDK's own retries would multiply ours.
    public static bool Retries(IAmazonDynamoDB client) =>
        client.Config is { } config && (config.MaxErrorRetry > 0 || config.MaxStaleConnectionRetries > 0);
}
