using DigestStore.Faults;

namespace DigestStore.Health;

// A reason → how bad it is, and what to do. No text of an exception is passed on: a repository may be anybody's.
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
