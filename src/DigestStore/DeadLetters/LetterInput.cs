using DigestStore.Calls;
using DigestStore.Storing;

namespace DigestStore.DeadLetters;

// The input of a store call that replays letters: all of them belong to one date and form one window.
internal sealed class LetterInput(IReadOnlyList<ReplayedLetter> letters, ItemPreparer preparer, CallScope scope) : IItemInput
{
    private bool _isRead;

    public Exception? Error => null;

    public bool IsStream => false;

    public Task<Window?> NextAsync()
    {
        if (_isRead)
        {
            return Task.FromResult<Window?>(null);
        }

        _isRead = true;
        return new Preparation(preparer, scope, letters.Count, index => preparer.Prepare(letters[index].Letter.Item!, letters[index])).RunAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
