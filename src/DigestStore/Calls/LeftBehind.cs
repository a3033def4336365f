namespace DigestStore.Calls;

// Tasks that a call does not wait for any more, and the tokens that tell them so.
internal static class LeftBehind
{
    // What such a task throws later is nobody's surprise.
    public static void Observe(Task abandoned) => _ = abandoned.ContinueWith(
        static ended => ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    // On a thread of its own, since what hangs on the token may throw, or block for ever.
    public static Task CancelAsync(CancellationTokenSource abandoned) => abandoned.CancelAsync().ContinueWith(
        told =>
        {
            _ = told.Exception;
            abandoned.Dispose();
        },
        CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
