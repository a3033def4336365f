using DigestStore.Storing;

namespace DigestStore.DeadLetters;

// Letters of one day in one window.
internal sealed class LetterInput(IReadOnlyList<ReplayedLetter> letters, Intake intake) : IItemInput
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
        foreach (ReplayedLetter letter in letters)
        {
            intake.Add(letter.Letter.Item, letter);
        }

        return Task.FromResult<Window?>(intake.Close(isLast: true));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
