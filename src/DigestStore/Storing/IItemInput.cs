namespace DigestStore.Storing;

// The items that the caller handed in, as windows.
internal interface IItemInput : IAsyncDisposable
{
    // The next window, or null after the last one.
    Task<Window?> NextAsync();

    // Ends a window that is being read with the items that it has. No further window is wanted.
    void Abandon()
    {
    }

    // Why the input was not read to its end; null when it was.
    Exception? Error { get; }

    // The deadline of a stream bounds the time without progress, that of a collection the whole call.
    bool IsStream { get; }
}
