using System.Collections.Concurrent;

namespace DigestStore.FaultTests;

internal sealed class CollectingSink : IDeadLetterSink
{
    public ConcurrentQueue<DeadLetter> Letters { get; } = [];

    public Task WriteAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken = default)
    {
        foreach (DeadLetter letter in letters)
        {
            Letters.Enqueue(letter);
        }

        return Task.CompletedTask;
    }
}
