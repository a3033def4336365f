using Microsoft.Extensions.Hosting;

namespace DigestStore.DeadLetters;

// A directory that cannot be written would otherwise be found in the outage that it is for.
internal sealed class LetterDirectoryCheck(FileDeadLetterSink sink) : IHostedService
{
    // A mount whose server is gone hangs instead of failing.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public Task StartAsync(CancellationToken cancellationToken) => sink.TryOutAsync(Limit, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
