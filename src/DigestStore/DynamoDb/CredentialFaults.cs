using Amazon.DynamoDBv2;
using Amazon.Runtime;

namespace DigestStore.DynamoDb;

// Decides whether an exception comes from getting the credentials or from signing with them, and not from the request itself. A provider of
// credentials may throw an exception of any type: for a missing program or file, for a refused connection, or from the host's own code. So
// the stack trace is looked at before the type. The SDK tells the origin of an exception in no other way.
internal static class CredentialFaults
{
    // The public members of the SDK that every provider implements, and the SDK's namespaces for profiles and signatures.
    private static readonly string[] StackTraceMarkers =
    [
        "GetCredentials", "ResolveIdentity", "Amazon.Runtime.Credentials.", "Amazon.Runtime.CredentialManagement.", "Amazon.Runtime.Internal.Auth.",
    ];

    // The exception types that only the services and classes of credentials throw. They are needed where stack traces are stripped.
    private static readonly string[] TypeNameMarkers = ["Amazon.Runtime.CredentialManagement.", "Amazon.SecurityToken.", "Amazon.SSO.", "Amazon.SSOOIDC.", "Credential"];

    public static bool Is(Exception exception)
    {
        // DynamoDB has answered, so the request was signed. This comes first because it is cheap: a stack trace has to be rendered as text,
        // and a throttled table throws often.
        if (exception is AmazonDynamoDBException answer && answer.StatusCode != default)
        {
            return false;
        }

        // The library's own client records in the attempt that it is getting the credentials, so no stack trace is needed.
        if (SdkCall.Current is { Attempt.IsWithoutCredentials: true })
        {
            return true;
        }

        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (NamesCredentials(cause))
            {
                return true;
            }
        }

        return false;
    }

    private static bool NamesCredentials(Exception cause) =>
        Contains(cause.StackTrace, StackTraceMarkers) || Contains(cause.GetType().FullName, TypeNameMarkers) ||
        (cause is AmazonClientException && cause.Message.Contains("credentials", StringComparison.OrdinalIgnoreCase));

    private static bool Contains(string? text, string[] parts) => text is not null && Array.Exists(parts, part => text.Contains(part, StringComparison.Ordinal));
}
