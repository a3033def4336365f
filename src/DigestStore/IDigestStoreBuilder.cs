namespace Microsoft.Extensions.DependencyInjection;

/// <summary>A digest store that is registered in a container. Dead letters and metrics can be added to it.</summary>
/// <remarks>
/// <c>AddDigestStore</c> and <c>AddInMemoryDigestStore</c> return it. To get the builder of a store that is registered already, call for example
/// <c>services.AddDigestStore("weekly")</c> again: that changes nothing.
/// </remarks>
public interface IDigestStoreBuilder
{
    /// <summary>The name of the store: the name of its options and the key of its services.</summary>
    /// <value><c>""</c> for the unnamed store, whose services have no key; never <see langword="null"/>.</value>
    string Name { get; }

    /// <summary>The container's services.</summary>
    IServiceCollection Services { get; }
}
