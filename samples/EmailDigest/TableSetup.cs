using Amazon;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using DigestStore;

namespace EmailDigest;

/// <summary>Creates the table for development; in production that is the work of infrastructure as code.</summary>
internal static class TableSetup
{
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(3);

    // Creating a table in AWS takes up to half a minute; a local engine answers at once or is not there.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan LocalDeadline = TimeSpan.FromSeconds(5);

    public static async Task EnsureAsync(DigestStoreOptions place, bool isLocal, CancellationToken cancellationToken)
    {
        var config = new AmazonDynamoDBConfig
        {
            MaxErrorRetry = 0,
            MaxStaleConnectionRetries = 0,
            AllowAutoRedirect = false,
            Timeout = AttemptTimeout,
        };
        if (place.ServiceUrl is not null)
        {
            config.ServiceURL = place.ServiceUrl;
            config.AuthenticationRegion = place.Region ?? Environment.GetEnvironmentVariable("AWS_REGION") ?? "us-east-1";
        }
        else if (place.Region is not null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(place.Region);
        }

        // Local engines ask for credentials and check none.
        using AmazonDynamoDBClient client = isLocal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("AWS_ACCESS_KEY_ID"))
            ? new AmazonDynamoDBClient(new BasicAWSCredentials("local", "local"), config)
            : new AmazonDynamoDBClient(config);
        await DigestTable.EnsureCreatedAsync(client, place, cancellationToken).WaitAsync(isLocal ? LocalDeadline : Deadline, cancellationToken);
    }
}
