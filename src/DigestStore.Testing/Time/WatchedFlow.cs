namespace DigestStore.Testing;

// How many threads run code of one piece of work at this moment. The execution context follows the work through every await, timer and
// pool item, and tells when a thread takes it up and when it lets go of it.
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
    private long _stirs;

    public bool IsRunning => Volatile.Read(ref _running) > 0;

    // Grows with every thread that takes the work up or lets go of it.
    public long Stirs => Interlocked.Read(ref _stirs);

    // On the pool, since a test framework's own synchronization context may queue where nobody can look.
    public Task<T> Start<T>(Func<Task<T>> work) => Task.Run(() =>
    {
        Current.Value = this;
        return work();
    });

    private void Add(int threads)
    {
        Interlocked.Increment(ref _stirs);
        Interlocked.Add(ref _running, threads);
    }
}
