namespace DigestStore.DeadLetters;

// The sink of a replay: what fails again is collected, and written back by the replay itself.
internal sealed class KeptLetters : IDeadLetterSink
{
    private readonly List<DeadLetter> _letters = [];

    public IReadOnlyList<DeadLetter> Letters => _letters;

    public Task WriteAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken = default)
    {
        _letters.AddRange(letters);
        return Task.CompletedTask;
    }
}
