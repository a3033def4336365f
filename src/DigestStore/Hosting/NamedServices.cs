using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DigestStore.Hosting;

// Registers and resolves the services of one store. They are keyed by the store's name; those of the unnamed store, "", have no key.
internal static class NamedServices
{
    public static void TryAddNamed<T>(this IServiceCollection services, string name, Func<IServiceProvider, T> make)
        where T : class => services.TryAdd(Describe(name, make));

    public static void ReplaceNamed<T>(this IServiceCollection services, string name, Func<IServiceProvider, T> make)
        where T : class
    {
        ServiceDescriptor replacement = Describe(name, make);
        foreach (ServiceDescriptor other in services.Where(other => other.ServiceType == typeof(T) && Equals(other.ServiceKey, replacement.ServiceKey)).ToArray())
        {
            services.Remove(other);
        }

        services.Add(replacement);
    }

    // The service provider of a third-party container may not support keyed services. It then has no such service, so the result is null and
    // not an exception.
    public static T? GetNamed<T>(this IServiceProvider provider, string name)
        where T : class => name.Length == 0 ? provider.GetService<T>() : provider is IKeyedServiceProvider ? provider.GetKeyedService<T>(name) : null;

    // Prefers the service of the named store to the one without a key, which serves all stores.
    public static T? GetNamedOrUnnamed<T>(this IServiceProvider provider, string name)
        where T : class => provider.GetNamed<T>(name) ?? provider.GetService<T>();

    // A keyed descriptor whose key is null is the same as a descriptor without a key.
    private static ServiceDescriptor Describe<T>(string name, Func<IServiceProvider, T> make)
        where T : class => ServiceDescriptor.KeyedSingleton(name.Length == 0 ? null : name, (provider, _) => make(provider));
}
