using DigestStore.Faults;

namespace DigestStore.Health;

// Maps a reason to its grade and to a description that says what to do. The text of an exception is not passed on, because the repository may
// be any class, and its texts may contain anything.
internal static class HealthGrades
{
    public static (HealthGrade Grade, string Description) Of(DigestStoreErrorReason reason) => reason switch
    {
        DigestStoreErrorReason.Disabled => (HealthGrade.SwitchedOff, "Nothing was asked. " + Remedies.Of(reason)),
        DigestStoreErrorReason.Throttled or DigestStoreErrorReason.Timeout => (HealthGrade.Degraded, Remedies.Of(reason)),
        DigestStoreErrorReason.AccessDenied => (HealthGrade.Failed, Remedies.Of(reason) + " The check needs dynamodb:BatchGetItem."),
        DigestStoreErrorReason.Unavailable or DigestStoreErrorReason.CredentialsRefused or DigestStoreErrorReason.TableNotFound or DigestStoreErrorReason.TableMismatch or
        DigestStoreErrorReason.NewerSchema or DigestStoreErrorReason.Misconfigured or DigestStoreErrorReason.InvalidResponse or DigestStoreErrorReason.NotStored or
        DigestStoreErrorReason.Disposed => (HealthGrade.Failed, Remedies.Of(reason)),
    };
}
