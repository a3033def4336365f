namespace DigestStore.Storing;

// The items that the caller handed in, divided into windows.
internal interface IItemInput : IAsyncDisposable
{
    // Returns the next window, or null after the last one.
    Task<Window?> NextAsync();

    // Closes the window that is being filled, whatever items it has so far. No further window will be asked for.
    void Abandon()
    {
    }

    // The reason why the input was not read to its end; null if it was.
    Exception? Error { get; }

    // True for a stream, whose deadline bounds the time without progress. The deadline of a collection bounds the whole call.
    bool IsStream { get; }
}
