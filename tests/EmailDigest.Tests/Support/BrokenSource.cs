using DigestStore;

namespace EmailDigest.Tests.Support;

/// <summary>Dead letters that cannot be read.</summary>
internal sealed class BrokenSource : IDeadLetterSource
{
    public IAsyncEnumerable<DeadLetterBatch> GetBatchesAsync(string table, CancellationToken cancellationToken = default) => throw new IOException("The disk is gone.");
}
