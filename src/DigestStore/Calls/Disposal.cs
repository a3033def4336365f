namespace DigestStore.Calls;

// The disposal of a repository. It ends every call that is under way, and a later call is over before it begins.
internal sealed class Disposal : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly TaskCompletionSource _allStoresEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The number of stores under way, and one more until the disposal begins. So the number reaches 0 only after the disposal.
    private int _open = 1;
    private bool _hasBegun;

    public Disposal() => Token = _source.Token;

    // The token is kept here, because a source that was disposed of does not return it any more.
    public CancellationToken Token { get; }

    public bool HasBegun => Token.IsCancellationRequested;

    public Task AllStoresEnded => _allStoresEnded.Task;

    public OpenStore BeginStore()
    {
        Interlocked.Increment(ref _open);
        return new OpenStore(this);
    }

    // Returns true for the first call only. The token is canceled at once, but its callbacks run on another thread. Otherwise the code of the
    // application that awaits a store call could run within its call of Dispose.
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

    // Analyzers ask for this, because the type owns a source of tokens (CA1001). The repository itself calls TryBegin.
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
