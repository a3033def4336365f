using Amazon.DynamoDBv2;
using Amazon.Runtime;

namespace DigestStore.DynamoDb;

// Whether an exception comes from getting the credentials or from signing with them, and not from the request itself. Anything can be
// thrown there: a missing program, a missing file, a refused connection, the host's own code. So the place decides, not the type; the
// SDK does not tell the place in any other way, and a client that was handed in cannot be asked.
internal static class CredentialFaults
{
    // Members of the SDK's public surface that every provider implements, and the SDK's namespaces of profiles and signatures.
    private static readonly string[] Places =
    [
        "GetCredentials", "ResolveIdentity", "Amazon.Runtime.Credentials.", "Amazon.Runtime.CredentialManagement.", "Amazon.Runtime.Internal.Auth.",
    ];

    // What only services and classes of credentials throw, for a trace that was stripped.
    private static readonly string[] Types = ["Amazon.Runtime.CredentialManagement.", "Amazon.SecurityToken.", "Amazon.SSO.", "Amazon.SSOOIDC.", "Credential"];

    public static bool Is(Exception exception)
    {
        // DynamoDB has answered, so there was a signature. A trace is text that has to be made first, and a throttled table throws often.
        if (exception is AmazonDynamoDBException answer && answer.StatusCode != default)
        {
            return false;
        }

        // The library's own client knows the place, also where traces are stripped.
        if (Attempt.Current is { IsWithoutCredentials: true })
        {
            return true;
        }

        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (IsOfCredentials(cause))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOfCredentials(Exception cause) =>
        Contains(cause.StackTrace, Places) || Contains(cause.GetType().FullName, Types) ||
        (cause is AmazonClientException && cause.Message.Contains("credentials", StringComparison.OrdinalIgnoreCase));

    private static bool Contains(string? text, string[] parts) => text is not null && Array.Exists(parts, part => text.Contains(part, StringComparison.Ordinal));
}
