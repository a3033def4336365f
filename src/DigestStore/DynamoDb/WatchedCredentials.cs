using Amazon.Runtime;
using Amazon.Runtime.Credentials;

namespace DigestStore.DynamoDb;

// The credentials of the library's own client: those that the SDK finds. Where nobody answers on the way to them, the SDK tries for
// longer than an attempt may take, and an attempt that is given up then must not be put down to the table.
internal sealed class WatchedCredentials(IClientConfig config) : AWSCredentials
{
    public override ImmutableCredentials GetCredentials()
    {
        Attempt? attempt = Attempt.Current;
        attempt?.AwaitCredentials();
        ImmutableCredentials found = DefaultAWSCredentialsIdentityResolver.GetCredentials(config).GetCredentials();
        attempt?.GotCredentials();
        return found;
    }

    public override async Task<ImmutableCredentials> GetCredentialsAsync()
    {
        Attempt? attempt = Attempt.Current;
        attempt?.AwaitCredentials();
        AWSCredentials source = await DefaultAWSCredentialsIdentityResolver.GetCredentialsAsync(config).ConfigureAwait(false);
        ImmutableCredentials found = await source.GetCredentialsAsync().ConfigureAwait(false);
        attempt?.GotCredentials();
        return found;
    }
}
