using DigestStore;
using DigestStore.DeadLetters;
using DigestStore.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what keeps the items that a digest store could not store.</summary>
public static class DeadLettersDigestStoreBuilderExtensions
{
    /// <summary>Keeps what the store cannot put into its table as files below a directory.</summary>
    /// <param name="builder">The store.</param>
    /// <param name="directory">A directory that outlives the process; it is created when a host starts, else when it is first needed. Several stores may share it.</param>
    /// <param name="configure">Sets how much and how long is kept; <see langword="null"/> for the defaults of <see cref="FileDeadLetterOptions"/>.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <remarks>
    /// <para>Registers <see cref="FileDeadLetterSink"/>, also as <see cref="IDeadLetterSink"/> and <see cref="IDeadLetterSource"/>, keyed by the name of a named store. What is
    /// registered already stays, so a second call for the same store changes nothing. When a host starts, it logs a warning (event 126) if
    /// nothing can be written to the directory.</para>
    /// <para>A named store without a sink of its own uses that of the unnamed store.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="directory"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="directory"/> is blank, or <paramref name="configure"/> sets a limit that is not positive.</exception>
    public static IDigestStoreBuilder AddFileDeadLetters(this IDigestStoreBuilder builder, string directory, Action<FileDeadLetterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        var options = new FileDeadLetterOptions { Directory = directory };
        configure?.Invoke(options);
        if (FileDeadLetterSink.Problem(options) is { } problem)
        {
            throw new ArgumentException(problem, nameof(configure));
        }

        (string name, IServiceCollection services) = (builder.Name, builder.Services);
        services.TryAddNamed(name, provider => new FileDeadLetterSink(options, provider.GetService<ILoggerFactory>(), provider.GetService<TimeProvider>()));
        services.TryAddNamed<IDeadLetterSink>(name, provider => provider.GetNamed<FileDeadLetterSink>(name)!);
        services.TryAddNamed<IDeadLetterSource>(name, provider => provider.GetNamed<FileDeadLetterSink>(name)!);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, LetterDirectoryCheck>());
        return builder;
    }
}
