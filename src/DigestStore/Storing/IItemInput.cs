namespace DigestStore.Storing;

// What was handed in, as windows.
internal interface IItemInput : IAsyncDisposable
{
    // Null after the last window.
    Task<Window?> NextAsync();

    // Why the input was not read to its end.
    Exception? Error { get; }

    // A stream's deadline bounds the time without progress instead of the whole call.
    bool IsStream { get; }
}
