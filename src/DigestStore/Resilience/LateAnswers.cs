namespace DigestStore.Resilience;

// Requests that were given up and ended all the same: a client that ignores its token goes on sending after the call that asked for
// it is over. Shared by the calls of a repository.
internal sealed class LateAnswers
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    // One that ended by being given up is not late.
    public void Observe(Task abandoned) => _ = abandoned.ContinueWith(
        late =>
        {
            _ = late.Exception;
            if (!late.IsCanceled)
            {
                Interlocked.Increment(ref _count);
            }
        },
        CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
