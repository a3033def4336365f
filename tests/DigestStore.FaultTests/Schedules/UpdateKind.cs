using DigestStore.Records;
using static DigestStore.Records.AttributeChange;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.FaultTests;

/// <summary>What an update of the protocol is for, as its content shows.</summary>
internal enum UpdateKind
{
    Acquire,
    BeginAnew,
    GiveUp,
    Renew,
    RaiseFence,
    Complete,
    Fail,
    Resolve,
    TakeDay,
    RenewDay,
    EndDay,
    Store,
    Announce,
    Confirm,
    Clear,
    Close,
}

internal static class UpdateKinds
{
    public static UpdateKind Of(RecordUpdate update)
    {
        string? status = ValueOf(update, N.Status);
        if (update.Key.SortKey != RecordKeys.Header)
        {
            return (ValueOf(update, N.State), Sets(update, N.Count)) switch
            {
                ("delivered", false) => UpdateKind.Confirm,
                ("deleted", _) => UpdateKind.Close,
                (null, _) => UpdateKind.Clear,
                _ => UpdateKind.Announce,
            };
        }

        return status switch
        {
            _ when Sets(update, N.ResolveId) => UpdateKind.Resolve,
            _ when Sets(update, N.LastRunId) || Sets(update, N.IdRules) => UpdateKind.Store,
            "sending" => ValueOf(update, N.PreviousStatus) is null ? UpdateKind.Acquire : UpdateKind.BeginAnew,
            "deleting" => UpdateKind.TakeDay,
            "deleted" => UpdateKind.EndDay,
            "delivered" => UpdateKind.Complete,
            null when Sets(update, N.Fence) => UpdateKind.RaiseFence,
            null => Compares(update.Condition, N.Status, "deleting") ? UpdateKind.RenewDay : UpdateKind.Renew,
            _ => Compares(update.Condition, N.Status, "failed") ? UpdateKind.GiveUp : UpdateKind.Fail,
        };
    }

    /// <summary>The token of the lease that the update acts for. Null for one that acts for none.</summary>
    public static string? TokenOf(RecordUpdate update) =>
        ValueOf(update, N.LeaseToken) ?? (update.Condition is RecordCondition.And and ? and.Parts.OfType<RecordCondition.Equal>().FirstOrDefault(static part => part.Name == N.LeaseToken)?.Value.Text : null);

    public static string? ValueOf(RecordUpdate update, string name) => update.Changes.OfType<Set>().FirstOrDefault(change => change.Name == name)?.Value.Text;

    public static bool Mentions(RecordCondition condition, string name) => condition switch
    {
        RecordCondition.Absent part => part.Name == name,
        RecordCondition.Equal part => part.Name == name,
        RecordCondition.NotEqual part => part.Name == name,
        RecordCondition.Less part => part.Name == name,
        RecordCondition.AtMost part => part.Name == name,
        RecordCondition.Greater part => part.Name == name,
        RecordCondition.And part => part.Parts.Any(one => Mentions(one, name)),
        RecordCondition.Or part => part.Parts.Any(one => Mentions(one, name)),
        _ => false,
    };

    private static bool Sets(RecordUpdate update, string name) => update.Changes.Any(change => change is Set && change.Name == name);

    private static bool Compares(RecordCondition? condition, string name, string value) => condition switch
    {
        RecordCondition.Equal equal => equal.Name == name && equal.Value.Text == value,
        RecordCondition.And and => and.Parts.Any(part => Compares(part, name, value)),
        RecordCondition.Or or => or.Parts.Any(part => Compares(part, name, value)),
        _ => false,
    };
}
