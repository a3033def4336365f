using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using DigestStore.Table;

namespace DigestStore.DynamoDb;

// Gets the credentials that the SDK finds by default, and records in the attempt that it waits for them. If their source does not
// answer, the SDK tries for longer than an attempt may take. That timeout must be reported as a fault of the credentials, not of the table.
internal sealed class WatchedCredentials(IClientConfig config) : AWSCredentials
{
    public override ImmutableCredentials GetCredentials()
    {
        Attempt? attempt = SdkCall.Current?.Attempt;
        attempt?.BeginCredentials();
        ImmutableCredentials found = DefaultAWSCredentialsIdentityResolver.GetCredentials(config).GetCredentials();
        attempt?.EndCredentials();
        return found;
    }

    public override async Task<ImmutableCredentials> GetCredentialsAsync()
    {
        Attempt? attempt = SdkCall.Current?.Attempt;
        attempt?.BeginCredentials();
        AWSCredentials source = await DefaultAWSCredentialsIdentityResolver.GetCredentialsAsync(config).ConfigureAwait(false);
        ImmutableCredentials found = await source.GetCredentialsAsync().ConfigureAwait(false);
        attempt?.EndCredentials();
        return found;
    }
}
