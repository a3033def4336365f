using DigestStore.Table;

namespace DigestStore.Sqlite;

// A write in the queue of a file. Its verdict, also that it was refused, is told only after the transaction that it was made in was committed:
// what a refusal rests on may have been written in the same transaction.
internal abstract class WriteEntry(Attempt attempt, long bytes, TimeSpan patience)
{
    public long Bytes => bytes;

    public TimeSpan Patience => patience;

    // When the entry gives up waiting for the lock of another process, by the system's clock.
    public long ImpatientAt { get; } = TimeProvider.System.GetTimestamp() + (long)(patience.TotalSeconds * TimeProvider.System.TimestampFrequency);

    // False if the caller has withdrawn it.
    public bool TryTake() => attempt.TryTake();

    public abstract void Apply(RecordWriter records);

    // The entry alone has failed, while others of its transaction go on.
    public abstract void Reject(TableFault fault);

    // The transaction was committed.
    public abstract void Answer();

    // The transaction was not committed, or was not even begun.
    public abstract void Fail(TableFault fault);
}

internal sealed class WriteEntry<T>(Attempt attempt, long bytes, TimeSpan patience, Func<RecordWriter, T> apply, Func<TableFault, T> failed) : WriteEntry(attempt, bytes, patience)
    where T : TableReply
{
    // Whoever waits goes on with a thread of the pool. The thread that writes is for nothing else.
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Attempt _attempt = attempt;
    private T? _reply;
    private CancellationTokenRegistration _withdrawal;

    // Ends with the verdict, or is canceled when the entry was withdrawn.
    public Task<T> Verdict => _answer.Task;

    public override void Apply(RecordWriter records) => _reply = apply(records);

    public override void Reject(TableFault fault) => _reply = failed(fault);

    // Called once, before the entry is in the queue, so that the thread that writes does not answer it meanwhile. The token withdraws the entry only
    // while it waits: once it is taken, the verdict comes.
    public void Enqueue()
    {
        _attempt.Enqueue();
        _withdrawal = _attempt.Token.UnsafeRegister(
            static (state, token) =>
            {
                var entry = (WriteEntry<T>)state!;
                if (entry._attempt.TryWithdraw())
                {
                    entry._answer.TrySetCanceled(token);
                }
            },
            this);
    }

    public override void Answer() => End(_reply!);

    public override void Fail(TableFault fault) => End(failed(fault));

    private void End(T reply)
    {
        _withdrawal.Unregister();
        _answer.TrySetResult(reply);
    }
}
