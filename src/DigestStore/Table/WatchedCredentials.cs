using Amazon.Runtime;
using Amazon.Runtime.Credentials;

namespace DigestStore.Table;

// The credentials of the library's own client: those that the SDK finds. Where nobody answers on the way to them, the SDK tries for
// longer than an attempt may take, and an attempt that is given up then must not be put down to the table.
internal sealed class WatchedCredentials(IClientConfig config) : AWSCredentials
{
    public override ImmutableCredentials GetCredentials()
    {
        using Attempt.Step? step = Attempt.Current?.AwaitCredentials();
        return DefaultAWSCredentialsIdentityResolver.GetCredentials(config).GetCredentials();
    }

    public override async Task<ImmutableCredentials> GetCredentialsAsync()
    {
        using Attempt.Step? step = Attempt.Current?.AwaitCredentials();
        AWSCredentials found = await DefaultAWSCredentialsIdentityResolver.GetCredentialsAsync(config).ConfigureAwait(false);
        return await found.GetCredentialsAsync().ConfigureAwait(false);
    }
}
