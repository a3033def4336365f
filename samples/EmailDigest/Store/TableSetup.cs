using Amazon;
using Amazon.DynamoDBv2;
using Amazon.Runtime;

namespace EmailDigest.Store;

/// <summary>Creates the table for development; in production that is the work of infrastructure as code.</summary>
internal static class TableSetup
{
    // The first answer of an engine that has just started takes some seconds; creating a table in AWS takes up to half a minute.
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan LocalDeadline = TimeSpan.FromSeconds(20);

    public static async Task EnsureAsync(DigestStoreOptions place, bool isLocal, TimeProvider clock, CancellationToken cancellationToken)
    {
        var config = new AmazonDynamoDBConfig { MaxErrorRetry = 0, MaxStaleConnectionRetries = 0, AllowAutoRedirect = false, Timeout = AttemptTimeout };
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
        TimeSpan deadline = isLocal ? LocalDeadline : Deadline;
        try
        {
            await DigestTable.EnsureCreatedAsync(client, place, cancellationToken).WaitAsync(deadline, clock, cancellationToken);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"{place.ServiceUrl ?? "DynamoDB"} did not answer in time ({AttemptTimeout.TotalSeconds:0} s a request, {deadline.TotalSeconds:0} s in all). "
                + $"Check that it is a DynamoDB and not busy, and run the same command again: an engine that has just started can be slow.",
                late);
        }
    }
}
