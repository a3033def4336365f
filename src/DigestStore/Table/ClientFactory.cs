using Amazon;
using Amazon.DynamoDBv2;
using Amazon.Runtime;

namespace DigestStore.Table;

// A client whose own machinery stays out of the way: one send per attempt, no redirects, bounded waits.
internal static class ClientFactory
{
    public static AmazonDynamoDBClient Create(DigestStoreOptions options)
    {
        var config = new AmazonDynamoDBConfig
        {
            // Both, since they are independent: a reset connection is otherwise sent again up to ten times.
            MaxErrorRetry = 0,
            MaxStaleConnectionRetries = 0,

            // A redirect is followed without body and signature, and a 200 from its target would be taken for success.
            AllowAutoRedirect = false,
            ConnectTimeout = options.ConnectTimeout,
            Timeout = options.AttemptTimeout,
            MaxConnectionsPerServer = Math.Max(options.MaxConcurrency * 2, 16),
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
