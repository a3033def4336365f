namespace DigestStore.Calls;

// Tasks that a call does not wait for any more, and the tokens that cancel them.
internal static class AbandonedTasks
{
    // Nobody awaits the task, so without this its exception would be raised as an unobserved one.
    public static void Observe(Task abandoned) => _ = abandoned.ContinueWith(
        static ended => ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    // Cancels on another thread, because callbacks that are registered with the token may throw or block for ever. The source is disposed
    // of after they have run.
    public static Task CancelAsync(CancellationTokenSource source) => source.CancelAsync().ContinueWith(
        canceled =>
        {
            // Reading the exception marks it as observed.
            _ = canceled.Exception;
            source.Dispose();
        },
        CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
