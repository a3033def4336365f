using DigestStore.Calls;

namespace DigestStore.Storing;

// A collection forms one Window. The references to its items are copied before StoreAsync returns its task, and its items are prepared on
// another thread than the caller's.
internal sealed class CollectionInput(IEnumerable<DigestItem> items, ItemPreparer preparer, CallScope scope, int maxItems) : IItemInput
{
    private bool _isRead;

    public Exception? Error { get; private set; }

    public bool IsStream => false;

    public Task<Window?> NextAsync()
    {
        if (_isRead)
        {
            return Task.FromResult<Window?>(null);
        }

        _isRead = true;
        List<DigestItem?> copy = CollectionCopy.Of(items, scope, maxItems, out Exception? error);
        Error = error;
        ItemSnapshot.Take(copy);
        return new Preparation(preparer, scope, copy.Count, index => preparer.Prepare(copy[index])).RunAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
