using Amazon.DynamoDBv2;
using Amazon.Runtime;

namespace DigestStore.Benchmarks.Peers;

/// <summary>The SDK's client as an application makes it: all defaults.</summary>
internal static class SdkClient
{
    public const string Table = "digests";

    public static AmazonDynamoDBClient Create(Uri url) => new(
        new BasicAWSCredentials("local", "local"),
        new AmazonDynamoDBConfig { ServiceURL = url.ToString(), AuthenticationRegion = "us-east-1" });
}
