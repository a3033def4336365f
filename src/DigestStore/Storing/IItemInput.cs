namespace DigestStore.Storing;

// What was handed in, as windows.
internal interface IItemInput : IAsyncDisposable
{
    // Null after the last window.
    Task<Window?> NextAsync();

    // Nothing more is wanted: a read that is under way ends with what it has.
    void LeaveBehind()
    {
    }

    // Why the input was not read to its end.
    Exception? Error { get; }

    // A stream's deadline bounds the time without progress instead of the whole call.
    bool IsStream { get; }
}
