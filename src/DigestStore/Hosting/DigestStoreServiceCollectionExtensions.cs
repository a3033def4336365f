using Amazon.DynamoDBv2;
using DigestStore;
using DigestStore.Configuration;
using DigestStore.DeadLetters;
using DigestStore.Doctor;
using DigestStore.Hosting;
using DigestStore.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers digest stores.</summary>
/// <remarks>
/// Every overload is safe to call more than once. An <see cref="IDigestRepository"/> that is already registered stays as it is.
/// Each also registers the store's <see cref="IDigestDelivery"/> and <see cref="IDigestHistory"/>, a <see cref="DigestTableDoctor"/> and a <see cref="DeadLetterReplay"/>,
/// for a named store keyed by the name.
/// The options are validated when the host starts; while <see cref="DigestStoreOptions.Enabled"/> is off, invalid ones are only logged.
/// An <c>IAmazonDynamoDB</c> of the container is used and never disposed; a named store prefers one that is keyed by its name to the one without
/// a key. If there is none, the library builds its own from <see cref="DigestStoreOptions.Region"/> and
/// <see cref="DigestStoreOptions.ServiceUrl"/>, at the first call.
/// </remarks>
public static class DigestStoreServiceCollectionExtensions
{
    /// <summary>Registers <see cref="IDigestRepository"/> with the default options.</summary>
    /// <param name="services">The container's services.</param>
    /// <returns>The builder, on which dead letters and metrics can be added.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is <see langword="null"/>.</exception>
    public static IDigestStoreBuilder AddDigestStore(this IServiceCollection services) =>
        services.AddStore(Options.Options.DefaultName, null);

    /// <summary>Registers <see cref="IDigestRepository"/> with options set in code; several calls add up.</summary>
    /// <param name="services">The container's services.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The builder, on which dead letters and metrics can be added.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static IDigestStoreBuilder AddDigestStore(this IServiceCollection services, Action<DigestStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddStore(Options.Options.DefaultName, configure);
    }

    /// <summary>Registers <see cref="IDigestRepository"/> with options from configuration, which take effect on reload.</summary>
    /// <param name="services">The container's services.</param>
    /// <param name="configuration">The section of the store; if it is the root of a configuration that has a section <c>DigestStore</c>, that section is used.</param>
    /// <returns>The builder, on which dead letters and metrics can be added.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static IDigestStoreBuilder AddDigestStore(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return services.AddStore(Options.Options.DefaultName, configuration);
    }

    /// <summary>Registers a further store as an <see cref="IDigestRepository"/> keyed by <paramref name="name"/>, with the default options.</summary>
    /// <param name="services">The container's services.</param>
    /// <param name="name">The name of the store and of its options.</param>
    /// <returns>The builder, on which dead letters and metrics can be added.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static IDigestStoreBuilder AddDigestStore(this IServiceCollection services, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return services.AddStore(name, null);
    }

    /// <summary>Registers a further store as an <see cref="IDigestRepository"/> keyed by <paramref name="name"/>, with options set in code.</summary>
    /// <param name="services">The container's services.</param>
    /// <param name="name">The name of the store and of its options.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The builder, on which dead letters and metrics can be added.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">The name is already registered with other options.</exception>
    public static IDigestStoreBuilder AddDigestStore(this IServiceCollection services, string name, Action<DigestStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddStore(name, configure);
    }

    /// <summary>Registers a further store as an <see cref="IDigestRepository"/> keyed by <paramref name="name"/>, with options from configuration.</summary>
    /// <param name="services">The container's services.</param>
    /// <param name="name">The name of the store and of its options.</param>
    /// <param name="configuration">The section of this store.</param>
    /// <returns>The builder, on which dead letters and metrics can be added.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">The name is already registered with other options.</exception>
    public static IDigestStoreBuilder AddDigestStore(this IServiceCollection services, string name, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(configuration);
        return services.AddStore(name, configuration);
    }

    // "settings" is an Action<DigestStoreOptions>, an IConfiguration, or null for the defaults.
    internal static IDigestStoreBuilder AddDigestStoreOptions(this IServiceCollection services, string name, object? settings)
    {
        ArgumentNullException.ThrowIfNull(services);
        var builder = new DigestStoreBuilder(name, services);
        Registrations registrations = Registrations.Of(services);
        if (!registrations.TryAdd(name, settings))
        {
            return builder;
        }

        services.TryAddSingleton<ContainerMeters>();
        services.TryAddSingleton<SettingsHistories>();
        services.TryAddTransient<IOptionsFactory<DigestStoreOptions>, DigestStoreOptionsFactory>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DigestStoreOptions>, DigestStoreOptionsValidator>());
        services.TryAddNamed(name, provider => ContainerReplay.Create(provider, name));
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

        return builder;
    }

    private static IConfiguration SectionOf(IConfiguration configuration) =>
        configuration is IConfigurationRoot root && root.GetSection(DigestStoreDefaults.SectionName) is var section && section.Exists() ? section : configuration;

    private static IDigestStoreBuilder AddStore(this IServiceCollection services, string name, object? settings)
    {
        IDigestStoreBuilder builder = services.AddDigestStoreOptions(name, settings);
        services.TryAddNamed<IReplayTarget>(name, provider => Create(provider, name));
        services.TryAddNamed<IDigestRepository>(name, provider => provider.GetNamed<IReplayTarget>(name)!);
        services.TryAddNamed(name, provider => (IDigestDelivery)provider.GetNamed<IReplayTarget>(name)!);
        services.TryAddNamed(name, provider => (IDigestHistory)provider.GetNamed<IReplayTarget>(name)!);
        services.TryAddNamed(name, provider => CreateDoctor(provider, name));
        return builder;
    }

    // Registers a store of another package. It takes the place of the store that AddDigestStore registers under the same name, before or after.
    internal static IDigestStoreBuilder AddInPlaceOfDigestStore(this IServiceCollection services, string name, object? settings, Func<IServiceProvider, StoreParts, DigestRepositoryBase> create)
    {
        IDigestStoreBuilder builder = services.AddDigestStoreOptions(name, settings);
        services.ReplaceNamed<IReplayTarget>(name, provider => create(provider, PartsOf(provider, name)));
        services.ReplaceNamed<IDigestRepository>(name, provider => provider.GetNamed<IReplayTarget>(name)!);
        services.ReplaceNamed(name, provider => (IDigestDelivery)provider.GetNamed<IReplayTarget>(name)!);
        services.ReplaceNamed(name, provider => (IDigestHistory)provider.GetNamed<IReplayTarget>(name)!);
        return builder;
    }

    private static DigestRepository Create(IServiceProvider provider, string name)
    {
        StoreParts parts = PartsOf(provider, name);
        return new DigestRepository(new ContainerClientSource(provider, name, parts.Services.LoggerFactory), parts.Options, parts.Services, parts.History);
    }

    private static StoreParts PartsOf(IServiceProvider provider, string name)
    {
        IOptionsMonitor<DigestStoreOptions> options = provider.GetRequiredService<IOptionsMonitor<DigestStoreOptions>>();
        return new StoreParts(() => options.Get(name), ServicesOf(provider, name), provider.GetRequiredService<SettingsHistories>().Of(name));
    }

    private static DigestStoreServices ServicesOf(IServiceProvider provider, string name) => new()
    {
        LoggerFactory = provider.GetService<ILoggerFactory>(),
        TimeProvider = provider.GetService<TimeProvider>(),
        DeadLetters = provider.GetNamedOrUnnamed<IDeadLetterSink>(name),
        MeterFactory = provider.GetRequiredService<ContainerMeters>(),
    };

    private static DigestTableDoctor CreateDoctor(IServiceProvider provider, string name)
    {
        IOptionsMonitor<DigestStoreOptions> monitor = provider.GetRequiredService<IOptionsMonitor<DigestStoreOptions>>();
        return new DigestTableDoctor(
            options => provider.GetNamedOrUnnamed<IAmazonDynamoDB>(name) is { } client ? new DoctorClient(client) : DoctorClient.Own(options),
            () => monitor.Get(name),
            provider.GetService<TimeProvider>());
    }
}
