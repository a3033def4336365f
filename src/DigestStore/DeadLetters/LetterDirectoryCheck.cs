using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DigestStore.DeadLetters;

// Tests at the start of the host whether dead letters can be written. Without this check, a wrong directory would be noticed only in the
// outage for which it is needed.
internal sealed class LetterDirectoryCheck(IServiceProvider provider) : IHostedService
{
    // A network mount whose server is gone blocks instead of failing. It must not delay the start of the host for longer than this.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public Task StartAsync(CancellationToken cancellationToken) => Task.WhenAll(Sinks().Select(sink => sink.VerifyWritableAsync(Limit, cancellationToken)));

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // The sinks of named stores are keyed services, which GetServices does not return.
    private IEnumerable<FileDeadLetterSink> Sinks() => provider.GetServices<FileDeadLetterSink>()
        .Concat(provider is IKeyedServiceProvider ? provider.GetKeyedServices<FileDeadLetterSink>(KeyedService.AnyKey) : []);
}
