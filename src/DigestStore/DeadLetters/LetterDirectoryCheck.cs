using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DigestStore.DeadLetters;

// A directory that cannot be written would otherwise be found in the outage that it is for.
internal sealed class LetterDirectoryCheck(IServiceProvider provider) : IHostedService
{
    // A mount whose server is gone hangs instead of failing.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public Task StartAsync(CancellationToken cancellationToken) => Task.WhenAll(Sinks().Select(sink => sink.TryOutAsync(Limit, cancellationToken)));

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Those of the named stores too.
    private IEnumerable<FileDeadLetterSink> Sinks() => provider.GetServices<FileDeadLetterSink>()
        .Concat(provider is IKeyedServiceProvider ? provider.GetKeyedServices<FileDeadLetterSink>(KeyedService.AnyKey) : []);
}
