using DigestStore;
using DigestStore.Configuration;
using DigestStore.DeadLetters;
using DigestStore.Doctor;
using DigestStore.Hosting;
using DigestStore.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers digest stores.</summary>
/// <remarks>
/// Every overload is safe to call more than once and leaves an <see cref="IDigestRepository"/> that is already registered alone.
/// Each also registers a <see cref="DigestTableDoctor"/>, a named one keyed by the name.
/// The options are validated when the host starts; while <see cref="DigestStoreOptions.Enabled"/> is off, invalid ones are only logged.
/// An <c>IAmazonDynamoDB</c> in the container (for a named store: one keyed by its
/// name, else the plain one) is used and never disposed; without one the library builds its own from
/// <see cref="DigestStoreOptions.Region"/> and <see cref="DigestStoreOptions.ServiceUrl"/>, at the first call.
/// </remarks>
public static class DigestStoreServiceCollectionExtensions
{
    /// <summary>Registers <see cref="IDigestRepository"/> with the default options.</summary>
    /// <param name="services">The container's services.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is <see langword="null"/>.</exception>
    public static IServiceCollection AddDigestStore(this IServiceCollection services) =>
        services.AddDigestStoreOptions(Options.Options.DefaultName, null).AddRepository(Options.Options.DefaultName);

    /// <summary>Registers <see cref="IDigestRepository"/> with options set in code; several calls add up.</summary>
    /// <param name="services">The container's services.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static IServiceCollection AddDigestStore(this IServiceCollection services, Action<DigestStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddDigestStoreOptions(Options.Options.DefaultName, configure).AddRepository(Options.Options.DefaultName);
    }

    /// <summary>Registers <see cref="IDigestRepository"/> with options from configuration, which take effect on reload.</summary>
    /// <param name="services">The container's services.</param>
    /// <param name="configuration">The section of the store; of a whole configuration its section <c>DigestStore</c> is taken, where it has one.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static IServiceCollection AddDigestStore(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return services.AddDigestStoreOptions(Options.Options.DefaultName, configuration).AddRepository(Options.Options.DefaultName);
    }

    /// <summary>Registers a further store as an <see cref="IDigestRepository"/> keyed by <paramref name="name"/>, with the default options.</summary>
    /// <param name="services">The container's services.</param>
    /// <param name="name">The name of the store and of its options.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static IServiceCollection AddDigestStore(this IServiceCollection services, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return services.AddDigestStoreOptions(name, null).AddRepository(name);
    }

    /// <summary>Registers a further store as an <see cref="IDigestRepository"/> keyed by <paramref name="name"/>, with options set in code.</summary>
    /// <param name="services">The container's services.</param>
    /// <param name="name">The name of the store and of its options.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">The name is already registered with other options.</exception>
    public static IServiceCollection AddDigestStore(this IServiceCollection services, string name, Action<DigestStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddDigestStoreOptions(name, configure).AddRepository(name);
    }

    /// <summary>Registers a further store as an <see cref="IDigestRepository"/> keyed by <paramref name="name"/>, with options from configuration.</summary>
    /// <param name="services">The container's services.</param>
    /// <param name="name">The name of the store and of its options.</param>
    /// <param name="configuration">The section of this store.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">The name is already registered with other options.</exception>
    public static IServiceCollection AddDigestStore(this IServiceCollection services, string name, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(configuration);
        return services.AddDigestStoreOptions(name, configuration).AddRepository(name);
    }

    /// <summary>Keeps what cannot be stored as files below a directory, for every store of the container.</summary>
    /// <param name="services">The container's services.</param>
    /// <param name="directory">A directory that outlives the process; it is created when a host starts, else when it is first needed.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <remarks>
    /// Registers <see cref="FileDeadLetterSink"/>, also as <see cref="IDeadLetterSink"/>, unless one is registered already. When a host
    /// starts, it logs a warning (event 126) if nothing can be written to the directory.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="directory"/> is blank.</exception>
    public static IServiceCollection AddFileDeadLetters(this IServiceCollection services, string directory)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        services.TryAddSingleton(provider => new FileDeadLetterSink(
            new FileDeadLetterOptions { Directory = directory }, provider.GetService<ILoggerFactory>(), provider.GetService<TimeProvider>()));
        services.TryAddSingleton<IDeadLetterSink>(provider => provider.GetRequiredService<FileDeadLetterSink>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, LetterDirectoryCheck>());
        return services;
    }

    // The settings are an Action<DigestStoreOptions>, an IConfiguration or nothing.
    internal static IServiceCollection AddDigestStoreOptions(this IServiceCollection services, string name, object? settings)
    {
        ArgumentNullException.ThrowIfNull(services);
        Registrations registrations = Registrations.Of(services);
        if (!registrations.TryAdd(name, settings))
        {
            return services;
        }

        services.TryAddSingleton<ContainerMeters>();
        services.TryAddSingleton<SettingsHistories>();
        services.TryAddTransient<IOptionsFactory<DigestStoreOptions>, DigestStoreOptionsFactory>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DigestStoreOptions>, DigestStoreOptionsValidator>());
        OptionsBuilder<DigestStoreOptions> options = services.AddOptions<DigestStoreOptions>(name).ValidateOnStart();
        if (settings is Action<DigestStoreOptions> configure)
        {
            options.Configure(configure);
        }
        else if (settings is IConfiguration configuration)
        {
            SectionReader reader = registrations.AddReader(name, SectionOf(configuration));
            options.Configure(reader.Read);
            services.AddSingleton<IOptionsChangeTokenSource<DigestStoreOptions>>(new ConfigurationChangeTokenSource<DigestStoreOptions>(name, reader.Section));
        }

        return services;
    }

    private static IConfiguration SectionOf(IConfiguration configuration) =>
        configuration is IConfigurationRoot root && root.GetSection(DigestStoreDefaults.SectionName) is var section && section.Exists() ? section : configuration;

    private static IServiceCollection AddRepository(this IServiceCollection services, string name)
    {
        if (name.Length == 0)
        {
            services.TryAddSingleton<IDigestRepository>(provider => Create(provider, name));
            services.TryAddSingleton(provider => CreateDoctor(provider, name));
        }
        else
        {
            services.TryAddKeyedSingleton<IDigestRepository>(name, (provider, _) => Create(provider, name));
            services.TryAddKeyedSingleton(name, (provider, _) => CreateDoctor(provider, name));
        }

        return services;
    }

    private static DigestRepository Create(IServiceProvider provider, string name)
    {
        IOptionsMonitor<DigestStoreOptions> options = provider.GetRequiredService<IOptionsMonitor<DigestStoreOptions>>();
        DigestStoreServices services = ServicesOf(provider, name);
        return new DigestRepository(
            new ContainerClientSource(provider, name, services.LoggerFactory), () => options.Get(name), services, provider.GetRequiredService<SettingsHistories>().Of(name));
    }

    internal static DigestStoreServices ServicesOf(IServiceProvider provider, string name) => new()
    {
        LoggerFactory = provider.GetService<ILoggerFactory>(),
        TimeProvider = provider.GetService<TimeProvider>(),
        DeadLetters = DeadLettersOf(provider, name),
        MeterFactory = provider.GetRequiredService<ContainerMeters>(),
    };

    private static DigestTableDoctor CreateDoctor(IServiceProvider provider, string name)
    {
        IOptionsMonitor<DigestStoreOptions> monitor = provider.GetRequiredService<IOptionsMonitor<DigestStoreOptions>>();
        return new DigestTableDoctor(
            options => ContainerClientSource.ClientOf(provider, name) is { } client ? new DoctorClient(client) : DoctorClient.Own(options),
            () => monitor.Get(name),
            provider.GetService<TimeProvider>());
    }

    // The sink keyed by the store's name, else the plain one.
    internal static IDeadLetterSink? DeadLettersOf(IServiceProvider provider, string name) =>
        (name.Length > 0 && provider is IKeyedServiceProvider ? provider.GetKeyedService<IDeadLetterSink>(name) : null) ?? provider.GetService<IDeadLetterSink>();
}
