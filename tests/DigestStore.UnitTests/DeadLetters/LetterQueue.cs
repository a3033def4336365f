namespace DigestStore.UnitTests.DeadLetters;

// A queue in memory, written as one over a message broker would be: what is received is hidden from others until it is deleted or released.
internal sealed class LetterQueue(int batchSize = 10) : IDeadLetterSink, IDeadLetterSource
{
    private readonly List<Message> _messages = [];

    public IReadOnlyList<DeadLetter> Letters => [.. _messages.Select(static message => message.Letter)];

    public int Hidden => _messages.Count(static message => message.IsHidden);

    // In the order in which they were told.
    public List<DeadLetterFate> Fates { get; } = [];

    public Exception? SettleError { get; set; }

    public Exception? ReleaseError { get; set; }

    public Task WriteAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken = default)
    {
        _messages.AddRange(letters.Select(static letter => new Message { Letter = letter }));
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<DeadLetterBatch> GetBatchesAsync(string table, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // Ends: every round hides at least one message.
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
            List<Message> received = [.. _messages.Where(static message => !message.IsHidden).Take(batchSize)];
            if (received.Count == 0)
            {
                yield break;
            }

            received.ForEach(static message => message.IsHidden = true);
            yield return new Batch(this, received);
        }
    }

    private sealed class Message
    {
        public required DeadLetter Letter { get; set; }

        public bool IsHidden { get; set; }
    }

    private sealed class Batch(LetterQueue queue, List<Message> messages) : DeadLetterBatch
    {
        public override IAsyncEnumerable<DeadLetter> ReadAsync(CancellationToken cancellationToken = default) => messages.Select(static message => message.Letter).ToArray().ToAsyncEnumerable();

        public override Task SettleAsync(IReadOnlyList<SettledDeadLetter> letters)
        {
            if (queue.SettleError is { } error)
            {
                return Task.FromException(error);
            }

            foreach ((Message message, SettledDeadLetter settled) in messages.ToArray().Zip(letters))
            {
                queue.Fates.Add(settled.Fate);
                if (settled.Fate == DeadLetterFate.Kept)
                {
                    message.Letter = settled.Replacement ?? message.Letter;
                }
                else
                {
                    queue._messages.Remove(message);
                    messages.Remove(message);
                }
            }

            return Task.CompletedTask;
        }

        protected override ValueTask ReleaseAsync()
        {
            messages.ForEach(static message => message.IsHidden = false);
            return queue.ReleaseError is { } error ? ValueTask.FromException(error) : ValueTask.CompletedTask;
        }
    }
}
