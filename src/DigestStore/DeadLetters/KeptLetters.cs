namespace DigestStore.DeadLetters;

// The sink of a replay: what fails again is collected, and given back to where it came from by the replay itself.
internal sealed class KeptLetters : IDeadLetterSink
{
    private readonly List<DeadLetter> _letters = [];

    // A letter whose attempts are counted keeps its item.
    private readonly Dictionary<DigestItem, DeadLetter> _byItem = new(ReferenceEqualityComparer.Instance);

    public IReadOnlyList<DeadLetter> Letters => _letters;

    public DeadLetter? Of(DeadLetter replayed) => _byItem.GetValueOrDefault(replayed.Item);

    public Task WriteAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken = default)
    {
        foreach (DeadLetter letter in letters)
        {
            _letters.Add(letter);
            _byItem[letter.Item] = letter;
        }

        return Task.CompletedTask;
    }
}
