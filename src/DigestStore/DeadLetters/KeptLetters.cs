namespace DigestStore.DeadLetters;

// The dead-letter sink that a store call uses during a replay. It only collects the letters that fail again, because the replay itself
// writes them back to the batch that they came from.
internal sealed class KeptLetters : IDeadLetterSink
{
    private readonly List<DeadLetter> _letters = [];

    // Letters are found by the reference of their item: a letter that fails again is a copy with one more attempt, but it has the same item
    // object.
    private readonly Dictionary<DigestItem, DeadLetter> _byItem = new(ReferenceEqualityComparer.Instance);

    public IReadOnlyList<DeadLetter> Letters => _letters;

    public DeadLetter? Find(DeadLetter replayed) => replayed.Item is { } item ? _byItem.GetValueOrDefault(item) : null;

    public Task WriteAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken = default)
    {
        foreach (DeadLetter letter in letters)
        {
            _letters.Add(letter);
            if (letter.Item is { } item)
            {
                _byItem[item] = letter;
            }
        }

        return Task.CompletedTask;
    }
}
