using DigestStore.Storing;

namespace DigestStore.DeadLetters;

// Letters of one day, oldest first, so that the newest of a page wins; one window.
internal sealed class LetterInput(IReadOnlyList<DeadLetter> letters, Intake intake) : IItemInput
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
        foreach (DeadLetter letter in letters)
        {
            intake.Add(letter.Item, letter);
        }

        return Task.FromResult<Window?>(intake.Close(isLast: true));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
