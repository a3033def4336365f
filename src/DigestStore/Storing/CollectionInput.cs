using DigestStore.Resilience;

namespace DigestStore.Storing;

// A collection is one window. Its references are copied on the caller's thread, before the call returns to it.
internal sealed class CollectionInput(IEnumerable<DigestItem> items, Intake intake, CallScope scope, int maxItems) : IItemInput
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
        List<DigestItem?> copy = Copy();
        intake.Expect(copy.Count);
        foreach (DigestItem? item in copy)
        {
            intake.Add(item);
        }

        return Task.FromResult<Window?>(intake.Close(isLast: true));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private List<DigestItem?> Copy()
    {
        var copy = new List<DigestItem?>();
        try
        {
            // All of a collection is there already, so it is counted even when the call is over before it began.
            bool isCounted = items.TryGetNonEnumeratedCount(out int count);
            copy.EnsureCapacity(Math.Clamp(count, 0, maxItems));
            foreach (DigestItem? item in items)
            {
                if (!isCounted && scope.IsOver)
                {
                    Error = InputErrors.EndedEarly(scope);
                    break;
                }

                if (copy.Count == maxItems)
                {
                    Error = InputErrors.TooMany(maxItems);
                    break;
                }

                copy.Add(item);
            }
        }
        catch (Exception exception) when (!Fatal.Is(exception))
        {
            Error = exception;
        }

        return copy;
    }
}
