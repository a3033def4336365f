namespace DigestStore.Health;

// A reason → how bad it is, and what to do. No text of an exception is passed on: a repository may be anybody's.
internal static class HealthGrades
{
    public static (HealthGrade Grade, string Description) Of(DigestStoreErrorReason reason) => reason switch
    {
        DigestStoreErrorReason.Disabled => (HealthGrade.SwitchedOff, $"The digest store is switched off by {nameof(DigestStoreOptions)}.{nameof(DigestStoreOptions.Enabled)}; nothing was asked."),
        DigestStoreErrorReason.Throttled => (HealthGrade.Degraded, "The table is throttled. Check its capacity if this lasts."),
        DigestStoreErrorReason.Timeout => (HealthGrade.Degraded, "The table did not answer in time. Check the network between, and the service's health, if this lasts."),
        DigestStoreErrorReason.AccessDenied => (HealthGrade.Failed, "Access was denied. Allow dynamodb:BatchGetItem on the table, and its KMS key if it has one."),
        DigestStoreErrorReason.CredentialsRefused => (HealthGrade.Failed, "The credentials are missing, unknown or expired, or this machine's clock is wrong."),
        DigestStoreErrorReason.TableNotFound => (HealthGrade.Failed, "The table does not exist in this region and account, or is not ready. Check TableName and Region, or create it."),
        DigestStoreErrorReason.TableMismatch => (HealthGrade.Failed, "The table's keys are not those of docs/schema.md. Check TableName."),
        DigestStoreErrorReason.Misconfigured => (HealthGrade.Failed, "The client cannot be made, or the options are invalid. Set Region or ServiceUrl, or register an IAmazonDynamoDB; event 300, if it was logged, names each invalid option with its value and bounds."),
        DigestStoreErrorReason.Disposed => (HealthGrade.Failed, "The repository, the client that it uses, or the container that holds them is disposed. Dispose of them after the last call and the last check."),
        DigestStoreErrorReason.InvalidResponse => (HealthGrade.Failed, "The answer made no sense. Check ServiceUrl and what lies between."),
        _ => (HealthGrade.Failed, "The database could not be reached or answered with errors. Check the network, and the service's health."),
    };
}
