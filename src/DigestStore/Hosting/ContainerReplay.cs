using DigestStore.DeadLetters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DigestStore.Hosting;

// The replay of one of a container's stores.
internal static class ContainerReplay
{
    public static DeadLetterReplay Create(IServiceProvider provider, string name) => new(() => StoreOf(provider, name), SourceOf(provider, name), provider.GetService<ILoggerFactory>());

    // What the host has put in place of the repository decorates the store, unless it is a repository of the library's own: then that is the store.
    // It is asked for in a scope, since a decorator may belong to one.
    private static IReplayTarget StoreOf(IServiceProvider provider, string name)
    {
        using IServiceScope scope = provider.CreateScope();
        return scope.ServiceProvider.GetNamed<IDigestRepository>(name) as IReplayTarget ?? provider.GetNamed<IReplayTarget>(name)!;
    }

    // The store's own letters come before those of the unnamed store, and a source of its own before a sink that is one too.
    private static IDeadLetterSource SourceOf(IServiceProvider provider, string name) =>
        OwnSourceOf(provider, name) ?? OwnSourceOf(provider, "") ?? throw new InvalidOperationException(
            $"There are no dead letters to replay for the digest store '{name}', since no {nameof(IDeadLetterSource)} is registered. Call AddFileDeadLetters on what AddDigestStore returned, or register a source of your own.");

    private static IDeadLetterSource? OwnSourceOf(IServiceProvider provider, string name) =>
        provider.GetNamed<IDeadLetterSource>(name) ?? provider.GetNamed<IDeadLetterSink>(name) as IDeadLetterSource;
}
