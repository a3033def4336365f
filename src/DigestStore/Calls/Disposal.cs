namespace DigestStore.Calls;

// The disposal of a repository: it ends every call that is under way, and each later one before it begins.
internal sealed class Disposal : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly TaskCompletionSource _allStoresEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The stores under way, and one more until the disposal.
    private int _open = 1;
    private bool _hasBegun;

    public Disposal() => Token = _source.Token;

    // Kept apart, because a source that is disposed does not give it away any more.
    public CancellationToken Token { get; }

    public bool HasBegun => Token.IsCancellationRequested;

    public Task AllStoresEnded => _allStoresEnded.Task;

    public OpenStore BeginStore()
    {
        Interlocked.Increment(ref _open);
        return new OpenStore(this);
    }

    // False for all but the first. The token counts as canceled at once; whoever waits on it is told on another thread, so that no code
    // that follows a store runs inside of the host's disposal.
    public bool TryBegin()
    {
        if (Interlocked.Exchange(ref _hasBegun, true))
        {
            return false;
        }

        _ = AbandonedTasks.CancelAsync(_source);
        EndStore();
        return true;
    }

    // The type owns a source of tokens, so analyzers ask for this (CA1001). The repository calls TryBegin, which releases the source.
    public void Dispose() => TryBegin();

    private void EndStore()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            _allStoresEnded.TrySetResult();
        }
    }

    internal readonly struct OpenStore(Disposal disposal) : IDisposable
    {
        public void Dispose() => disposal.EndStore();
    }
}
