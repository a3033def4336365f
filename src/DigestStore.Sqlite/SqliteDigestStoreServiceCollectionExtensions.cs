using DigestStore;
using DigestStore.Hosting;
using DigestStore.Sqlite;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers digest stores that keep their records in one file on this machine.</summary>
/// <remarks>
/// <para>Such a store is an <see cref="IDigestRepository"/>, <see cref="IDigestDelivery"/>, <see cref="IDigestHistory"/> and
/// <see cref="DeadLetterReplay"/> of the container, as that of <c>AddDigestStore</c> is. It takes the place of a store that
/// <c>AddDigestStore</c> registered under the same name, before or after. It is disposed of with the container, which closes the file.</para>
/// <para>A path that is relative counts from the current directory at the moment of the registration.</para>
/// </remarks>
public static class SqliteDigestStoreServiceCollectionExtensions
{
    /// <summary>Registers a store in a file, with the default options.</summary>
    /// <param name="services">The container's services.</param>
    /// <param name="path">The path of the file, such as <c>digests.db</c>. The first call creates it if there is none.</param>
    /// <returns>The builder, on which dead letters and metrics can be added.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="path"/> is blank, ends like a directory, or is a URI, a connection string or <c>:memory:</c>.</exception>
    /// <exception cref="InvalidOperationException">The unnamed store is already registered with another file.</exception>
    public static IDigestStoreBuilder AddSqliteDigestStore(this IServiceCollection services, string path) =>
        services.AddSqlite(Options.Options.DefaultName, path, null);

    /// <summary>Registers a store in a file, with options set in code.</summary>
    /// <param name="services">The container's services.</param>
    /// <param name="path">The path of the file, such as <c>digests.db</c>. The first call creates it if there is none.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The builder, on which dead letters and metrics can be added.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="path"/> is blank, ends like a directory, or is a URI, a connection string or <c>:memory:</c>.</exception>
    /// <exception cref="InvalidOperationException">The unnamed store is already registered with another file.</exception>
    public static IDigestStoreBuilder AddSqliteDigestStore(this IServiceCollection services, string path, Action<DigestStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddSqlite(Options.Options.DefaultName, path, configure);
    }

    /// <summary>Registers a store in a file, with options from configuration, which take effect on reload.</summary>
    /// <param name="services">The container's services.</param>
    /// <param name="path">The path of the file, such as <c>digests.db</c>. The first call creates it if there is none.</param>
    /// <param name="configuration">The section of the store; if it is the root of a configuration that has a section <c>DigestStore</c>, that section is used.</param>
    /// <returns>The builder, on which dead letters and metrics can be added.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="path"/> is blank, ends like a directory, or is a URI, a connection string or <c>:memory:</c>.</exception>
    /// <exception cref="InvalidOperationException">The unnamed store is already registered with another file.</exception>
    public static IDigestStoreBuilder AddSqliteDigestStore(this IServiceCollection services, string path, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return services.AddSqlite(Options.Options.DefaultName, path, configuration);
    }

    /// <summary>Registers a further store in a file, keyed by <paramref name="name"/>, with the default options.</summary>
    /// <param name="services">The container's services.</param>
    /// <param name="name">The name of the store and of its options.</param>
    /// <param name="path">The path of the file. It may be that of another store: several tables fit into one file.</param>
    /// <returns>The builder, on which dead letters and metrics can be added.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="path"/> is blank, ends like a directory, or is a URI, a connection string or <c>:memory:</c>.</exception>
    /// <exception cref="InvalidOperationException">The name is already registered with another file.</exception>
    public static IDigestStoreBuilder AddSqliteDigestStore(this IServiceCollection services, string name, string path)
    {
        ArgumentNullException.ThrowIfNull(name);
        return services.AddSqlite(name, path, null);
    }

    /// <summary>Registers a further store in a file, keyed by <paramref name="name"/>, with options set in code.</summary>
    /// <param name="services">The container's services.</param>
    /// <param name="name">The name of the store and of its options.</param>
    /// <param name="path">The path of the file. It may be that of another store: several tables fit into one file.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The builder, on which dead letters and metrics can be added.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="path"/> is blank, ends like a directory, or is a URI, a connection string or <c>:memory:</c>.</exception>
    /// <exception cref="InvalidOperationException">The name is already registered with another file or other options.</exception>
    public static IDigestStoreBuilder AddSqliteDigestStore(this IServiceCollection services, string name, string path, Action<DigestStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddSqlite(name, path, configure);
    }

    /// <summary>Registers a further store in a file, keyed by <paramref name="name"/>, with options from configuration.</summary>
    /// <param name="services">The container's services.</param>
    /// <param name="name">The name of the store and of its options.</param>
    /// <param name="path">The path of the file. It may be that of another store: several tables fit into one file.</param>
    /// <param name="configuration">The section of this store.</param>
    /// <returns>The builder, on which dead letters and metrics can be added.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="path"/> is blank, ends like a directory, or is a URI, a connection string or <c>:memory:</c>.</exception>
    /// <exception cref="InvalidOperationException">The name is already registered with another file or other options.</exception>
    public static IDigestStoreBuilder AddSqliteDigestStore(this IServiceCollection services, string name, string path, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(configuration);
        return services.AddSqlite(name, path, configuration);
    }

    private static IDigestStoreBuilder AddSqlite(this IServiceCollection services, string name, string path, object? settings)
    {
        ArgumentNullException.ThrowIfNull(services);
        string full = DatabasePath.Of(path, nameof(path));
        RegisteredFile.Add(services, name, full);
        return services.AddInPlaceOfDigestStore(name, settings, (_, parts) => new SqliteDigestRepository(full, parts.Options, parts.Services, parts.History));
    }

    // Remembers the file of a name in the service collection itself. Two files for one store are a mistake: whoever stored into the one would
    // look for it in the other.
    private sealed record RegisteredFile(string Name, string Path)
    {
        public static void Add(IServiceCollection services, string name, string path)
        {
            RegisteredFile? known = services.Select(static service => service.IsKeyedService ? null : service.ImplementationInstance).OfType<RegisteredFile>().FirstOrDefault(file => file.Name == name);
            if (known is null)
            {
                services.AddSingleton(new RegisteredFile(name, path));
            }
            else if (known.Path != path)
            {
                throw new InvalidOperationException(
                    $"{(name.Length == 0 ? "The digest store without a name" : $"The digest store '{name}'")} is already registered with the file '{known.Path}', so it cannot have '{path}'. Give this one another name, or register one of the two files only.");
            }
        }
    }
}
