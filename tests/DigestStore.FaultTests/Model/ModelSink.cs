using System.Collections.Concurrent;

namespace DigestStore.FaultTests;

/// <summary>The file sink, which fails at times and remembers what it has taken.</summary>
internal sealed class ModelSink(FileDeadLetterSink files, Random random, double failures) : IDeadLetterSink
{
    private readonly Lock _gate = new();
    private int _failed;

    public bool IsHealthy { get; set; }

    public int Failed => Volatile.Read(ref _failed);

    public ConcurrentQueue<DeadLetter> Taken { get; } = [];

    public async Task WriteAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (!IsHealthy && random.NextDouble() < failures)
            {
                Interlocked.Increment(ref _failed);
                throw new IOException("The disk is full.");
            }
        }

        await files.WriteAsync(letters, cancellationToken);
        foreach (DeadLetter letter in letters)
        {
            Taken.Enqueue(letter);
        }
    }
}
