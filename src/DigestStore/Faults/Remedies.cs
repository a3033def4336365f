namespace DigestStore.Faults;

// The sentences that say what is wrong and what to do about it. They are kept in one place, so that stores, reads and health checks say the
// same; each adds what it knows beyond them.
internal static class Remedies
{
    public const string Unreachable = "No connection to DynamoDB came about. Check ServiceUrl or Region, the network and its DNS.";

    public const string InvalidOptions = "The options are invalid. Correct them: event 300, if it was logged, names each invalid option with its value and bounds.";

    public static string Of(DigestStoreErrorReason reason) => reason switch
    {
        DigestStoreErrorReason.Unavailable => "The database could not be reached or answered with errors. Check the network, and the service's health, if this lasts.",
        DigestStoreErrorReason.Throttled => "The table admitted nothing more in the attempts allowed. Check its capacity if this happens often.",
        DigestStoreErrorReason.Timeout => "No answer came in time. If this lasts, check the network and the service's health, or the disk if the table is in a file.",
        DigestStoreErrorReason.AccessDenied => "The credentials lack a permission, or the table's key cannot be used. Check the role and the key policy.",
        DigestStoreErrorReason.CredentialsRefused => "The credentials are missing, unknown or expired, or this machine's clock is wrong. Check where the SDK finds them.",
        DigestStoreErrorReason.TableNotFound => "The table does not exist in this region and account, or is not ready. Check TableName and Region, or create it.",
        DigestStoreErrorReason.TableMismatch => "The table refuses what it was asked: its keys or an index are not those of docs/schema.md. Check TableName.",
        DigestStoreErrorReason.Disabled => $"The digest store is switched off. Set {nameof(DigestStoreOptions)}.{nameof(DigestStoreOptions.Enabled)} to true.",
        DigestStoreErrorReason.NewerSchema => "A newer version of DigestStore wrote the stored record. Update this application.",
        DigestStoreErrorReason.Misconfigured => "The client cannot be made, or the options are invalid. Set Region or ServiceUrl, or register an IAmazonDynamoDB; event 300, if it was logged, names each invalid option with its value and bounds.",
        DigestStoreErrorReason.InvalidResponse => "The answer is not one that a table of DynamoDB gives, so it was not used. Check ServiceUrl and the proxies between this machine and DynamoDB, or the file if the table is in one.",
        DigestStoreErrorReason.NotStored => "Items were not stored. The result says which ones, and why.",
        DigestStoreErrorReason.Disposed => "The repository, the client that it uses, or the container that holds them is disposed. Dispose of them after the last call has ended.",
    };
}
