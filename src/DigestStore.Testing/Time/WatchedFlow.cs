namespace DigestStore.Testing;

// Knows how many threads run code of one piece of work at the moment. The execution context follows the work through every await, timer and
// item of the thread pool, and an AsyncLocal is notified when a thread enters or leaves that context.
internal sealed class WatchedFlow
{
    private static readonly AsyncLocal<WatchedFlow?> Current = new(static change =>
    {
        if (change.PreviousValue != change.CurrentValue)
        {
            change.PreviousValue?.Add(-1);
            change.CurrentValue?.Add(1);
        }
    });

    private int _running;
    private long _activity;

    public bool IsRunning => Volatile.Read(ref _running) > 0;

    // Grows whenever a thread begins or stops running code of the work.
    public long Activity => Interlocked.Read(ref _activity);

    // The work starts on the thread pool, because the queue of a test framework's own synchronization context cannot be observed.
    public Task<T> Start<T>(Func<Task<T>> work) => Task.Run(() =>
    {
        Current.Value = this;
        return work();
    });

    private void Add(int threads)
    {
        Interlocked.Increment(ref _activity);
        Interlocked.Add(ref _running, threads);
    }
}
