namespace Microsoft.Extensions.DependencyInjection;

/// <summary>One store of a container, to which what belongs to it can be added: dead letters, metrics.</summary>
/// <remarks>
/// <c>AddDigestStore</c> and <c>AddInMemoryDigestStore</c> return it. Asking again for the builder of a store that is registered,
/// <c>services.AddDigestStore("weekly")</c>, changes nothing.
/// </remarks>
public interface IDigestStoreBuilder
{
    /// <summary>The name of the store: the name of its options and the key of its services.</summary>
    /// <value><c>""</c> for the unnamed store, whose services have no key; never <see langword="null"/>.</value>
    string Name { get; }

    /// <summary>The container's services.</summary>
    IServiceCollection Services { get; }
}
