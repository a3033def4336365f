using System.Runtime.CompilerServices;
using Amazon.DynamoDBv2;
using DigestStore.Configuration;
using DigestStore.DynamoDb;
using DigestStore.Table;
using DigestStore.Telemetry;

namespace DigestStore;

/// <summary>The repository over Amazon DynamoDB.</summary>
/// <remarks>With a container, use <c>services.AddDigestStore(…)</c> instead.</remarks>
public sealed class DigestRepository : DigestRepositoryBase
{
    // The clients that a warning was logged for. Several stores may use one client, and one warning is enough.
    private static readonly ConditionalWeakTable<IAmazonDynamoDB, object> WarnedClients = [];

    /// <summary>Makes a repository without a container.</summary>
    /// <param name="client">The client to use; it is never disposed. Its own retries and redirects should be off (<c>MaxErrorRetry = 0</c>, <c>MaxStaleConnectionRetries = 0</c>, <c>AllowAutoRedirect = false</c>).</param>
    /// <param name="options">The settings; they are copied.</param>
    /// <param name="services">The logger, the clock, the dead-letter sink and the meters to use; <see langword="null"/> for none of them, and the system's clock.</param>
    /// <exception cref="ArgumentNullException"><paramref name="client"/> or <paramref name="options"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="options"/> are invalid; the message names value, rule and remedy.</exception>
    public DigestRepository(IAmazonDynamoDB client, DigestStoreOptions options, DigestStoreServices? services = null)
        : this(SourceOf(client), ValidatedCopy(options), services) => WarnIfClientRetriesOrRedirects(client, Log);

    internal DigestRepository(ITableSource tables, Func<DigestStoreOptions> options, DigestStoreServices? services = null, SettingsHistory? history = null)
        : base(tables, options, services, history)
    {
    }

    internal static void WarnIfClientRetriesOrRedirects(IAmazonDynamoDB client, StoreLog log)
    {
        if (ClientFactory.RetriesOrRedirects(client) && WarnedClients.TryAdd(client, client))
        {
            log.RiskyClient(client.Config.MaxErrorRetry, client.Config.MaxStaleConnectionRetries, client.Config.AllowAutoRedirect);
        }
    }

    private static InjectedClientSource SourceOf(IAmazonDynamoDB client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return new InjectedClientSource(client);
    }
}
