namespace DigestStore.UnitTests;

// A dead-letter sink that takes everything, or nothing.
internal sealed class SinkDouble(bool works) : IDeadLetterSink
{
    public Task WriteAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken = default) =>
        works ? Task.CompletedTask : Task.FromException(new IOException());
}
