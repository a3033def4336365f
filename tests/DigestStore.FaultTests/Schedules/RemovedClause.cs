using DigestStore.Records;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.FaultTests;

/// <summary>
/// The protocol with one clause less. Updates are data, so the clause is taken out of each update of one kind on its way to the table: a part
/// of the condition, or a change.
/// </summary>
internal sealed class RemovedClause(string name, UpdateKind kind, Func<RecordCondition, bool>? part = null, Func<AttributeChange, bool>? change = null, bool isRare = false)
{
    private int _removals;

    public string Name => name;

    public UpdateKind Kind => kind;

    /// <summary>How often the clause was there to be removed. 0 means that the protocol has no such clause any more.</summary>
    public int Removals => Volatile.Read(ref _removals);

    /// <summary>
    /// The clauses without which some schedule in a few hundred breaks a promise. The other clauses of the protocol each have another one that
    /// covers for them in nearly every schedule, so that they are left to the tests of the single steps.
    /// </summary>
    public static IReadOnlyList<string> Found => [.. Clauses.Where(static clause => !clause.IsRare).Select(static clause => clause.Name)];

    /// <summary>Those that take thousands of schedules too.</summary>
    public static IReadOnlyList<string> All => [.. Clauses.Select(static clause => clause.Name)];

    private bool IsRare => isRare;

    private static RemovedClause[] Clauses =>
    [
        new("acquire: not a day that is delivered", UpdateKind.Acquire, static part => IsNot(part, DeliveryStatus.Delivered)),
        new("acquire: not a day that was given up", UpdateKind.Acquire, static part => IsNot(part, DeliveryStatus.Abandoned)),
        new("acquire: not a day that is deleted", UpdateKind.Acquire, static part => IsNot(part, DeliveryStatus.Deleted) || IsNot(part, DeliveryStatus.Deleting)),
        new("acquire: only while attempts are left", UpdateKind.Acquire, static part => UpdateKinds.Mentions(part, N.Attempts)),
        new("acquire: the lease before has ended", UpdateKind.Acquire, static part => UpdateKinds.Mentions(part, N.LeaseUntil)),
        new("acquire: the fence grows", UpdateKind.Acquire, change: static change => change.Name == N.Fence),
        new("acquire: the status before is kept", UpdateKind.Acquire, change: static change => change.Name == N.PreviousStatus, isRare: true),
        new("begin anew: the expiry is the one that was seen", UpdateKind.BeginAnew, static part => UpdateKinds.Mentions(part, N.ExpiresAt), isRare: true),
        new("begin anew: the lease before has ended", UpdateKind.BeginAnew, static part => UpdateKinds.Mentions(part, N.LeaseUntil), isRare: true),
        new("renew: only one's own lease", UpdateKind.Renew, static part => UpdateKinds.Mentions(part, N.LeaseToken), isRare: true),
        new("complete: only one's own lease", UpdateKind.Complete, static part => UpdateKinds.Mentions(part, N.LeaseToken), isRare: true),
        new("fail: only one's own lease", UpdateKind.Fail, static part => UpdateKinds.Mentions(part, N.LeaseToken)),
        new("fail: only while sending", UpdateKind.Fail, static part => UpdateKinds.Mentions(part, N.Status), isRare: true),
        new("delete: the lease before has ended", UpdateKind.TakeDay, static part => UpdateKinds.Mentions(part, N.LeaseUntil)),
        new("delete: no store call has ended since the last look", UpdateKind.EndDay, static part => UpdateKinds.Mentions(part, N.LastRunId)),
        new("store: the day was not deleted meanwhile", UpdateKind.Store, static part => IsNot(part, DeliveryStatus.Deleted), isRare: true),
        new("store: the lease has ended", UpdateKind.Store, static part => UpdateKinds.Mentions(part, N.LeaseUntil), isRare: true),
        new("announce: the manifest is the one that was read", UpdateKind.Announce, static part => UpdateKinds.Mentions(part, N.Fence)),
        new("announce: what earlier attempts announced is kept", UpdateKind.Announce, change: static change => change.Name == N.PriorIds),
        new("confirm: not over a newer announcement", UpdateKind.Confirm, static part => UpdateKinds.Mentions(part, N.Fence)),
        new("clear: only one's own announcement", UpdateKind.Clear, static part => UpdateKinds.Mentions(part, N.Fence)),
        new("close: what was sent is kept", UpdateKind.Close, change: static change => change.Name == N.PriorIds),
    ];

    public static RemovedClause Of(string name) => Array.Find(Clauses, clause => clause.Name == name)!;

    public RecordUpdate Remove(RecordUpdate update)
    {
        if (UpdateKinds.Of(update) != kind)
        {
            return update;
        }

        RecordCondition? condition = part is null || update.Condition is null ? update.Condition : Without(update.Condition);
        AttributeChange[] changes = [.. update.Changes.Where(one => change is null || !change(one))];
        if (changes.Length < update.Changes.Count)
        {
            Interlocked.Increment(ref _removals);
        }

        return update with { Condition = condition, Changes = changes };
    }

    // A part of a conjunction that is left out makes the condition weaker, and so does one of a conjunction within a disjunction.
    private RecordCondition Without(RecordCondition condition)
    {
        switch (condition)
        {
            case RecordCondition.And and:
                RecordCondition[] left = [.. and.Parts.Where(one => one is RecordCondition.And || !part!(one)).Select(Without)];
                if (left.Length < and.Parts.Count)
                {
                    Interlocked.Increment(ref _removals);
                }

                return new RecordCondition.And(left);
            case RecordCondition.Or or:
                return new RecordCondition.Or([.. or.Parts.Select(Without)]);
            default:
                return condition;
        }
    }

    private static bool IsNot(RecordCondition part, DeliveryStatus status) => part is RecordCondition.NotEqual { Name: N.Status } not && not.Value.Text == HeaderStatus.TextOf(status);
}
