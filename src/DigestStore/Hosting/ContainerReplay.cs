using DigestStore.DeadLetters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DigestStore.Hosting;

// Creates the replay of a store that is registered in a container.
internal static class ContainerReplay
{
    public static DeadLetterReplay Create(IServiceProvider provider, string name) => new(() => StoreOf(provider, name), SourceOf(provider, name), provider.GetService<ILoggerFactory>());

    // The application may have registered another IDigestRepository in place of ours. If that is a repository of this library, letters are
    // replayed into it; otherwise it is a decorator, and they are replayed into the repository behind it. It is resolved in a scope, because a
    // decorator may be a scoped service.
    private static IReplayTarget StoreOf(IServiceProvider provider, string name)
    {
        using IServiceScope scope = provider.CreateScope();
        return scope.ServiceProvider.GetNamed<IDigestRepository>(name) as IReplayTarget ?? provider.GetNamed<IReplayTarget>(name)!;
    }

    // The dead letters of the named store are preferred to those of the unnamed store, and a registered IDeadLetterSource is preferred to a sink
    // that also implements it.
    private static IDeadLetterSource SourceOf(IServiceProvider provider, string name) =>
        OwnSourceOf(provider, name) ?? OwnSourceOf(provider, "") ?? throw new InvalidOperationException(
            $"There are no dead letters to replay for the digest store '{name}', since no {nameof(IDeadLetterSource)} is registered. Call AddFileDeadLetters on what AddDigestStore returned, or register a source of your own.");

    private static IDeadLetterSource? OwnSourceOf(IServiceProvider provider, string name) =>
        provider.GetNamed<IDeadLetterSource>(name) ?? provider.GetNamed<IDeadLetterSink>(name) as IDeadLetterSource;
}
