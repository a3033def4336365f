using DigestStore;
using DigestStore.Hosting;
using DigestStore.Testing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers in-memory digest stores.</summary>
/// <remarks>
/// An in-memory store takes the place of a store that <c>AddDigestStore</c> registered under the same name, before or after, so a test can
/// register the application as it is and then call one of these methods. <see cref="DeadLetterReplay"/> then stores into the in-memory store,
/// too. The <see cref="InMemoryDigestStorage"/> is registered as well.
/// </remarks>
public static class InMemoryDigestStoreServiceCollectionExtensions
{
    /// <summary>Registers an in-memory <see cref="IDigestRepository"/>.</summary>
    /// <param name="services">The container's services.</param>
    /// <returns>The store, to which dead letters and metrics can be added.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is <see langword="null"/>.</exception>
    public static IDigestStoreBuilder AddInMemoryDigestStore(this IServiceCollection services) =>
        services.AddInMemory(Options.Options.DefaultName, null);

    /// <summary>Registers an in-memory <see cref="IDigestRepository"/> with options set in code.</summary>
    /// <param name="services">The container's services.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The store, to which dead letters and metrics can be added.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static IDigestStoreBuilder AddInMemoryDigestStore(this IServiceCollection services, Action<DigestStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddInMemory(Options.Options.DefaultName, configure);
    }

    /// <summary>Registers an in-memory <see cref="IDigestRepository"/> keyed by <paramref name="name"/>.</summary>
    /// <param name="services">The container's services.</param>
    /// <param name="name">The name of the store and of its options.</param>
    /// <returns>The store, to which dead letters and metrics can be added.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static IDigestStoreBuilder AddInMemoryDigestStore(this IServiceCollection services, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return services.AddInMemory(name, null);
    }

    /// <summary>Registers an in-memory <see cref="IDigestRepository"/> keyed by <paramref name="name"/>, with options set in code.</summary>
    /// <param name="services">The container's services.</param>
    /// <param name="name">The name of the store and of its options.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The store, to which dead letters and metrics can be added.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">The name is already registered with other options.</exception>
    public static IDigestStoreBuilder AddInMemoryDigestStore(this IServiceCollection services, string name, Action<DigestStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddInMemory(name, configure);
    }

    private static IDigestStoreBuilder AddInMemory(this IServiceCollection services, string name, object? settings)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<InMemoryDigestStorage>();
        return services.AddInPlaceOfDigestStore(
            name, settings, static (provider, parts) => new InMemoryDigestRepository(parts.Options, provider.GetRequiredService<InMemoryDigestStorage>(), parts.Services, parts.History));
    }
}
