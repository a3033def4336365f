using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DigestStore.Hosting;

// The services of one store. Those of the unnamed store, "", have no key.
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

    // Other containers than the framework's may know no keys.
    public static T? GetNamed<T>(this IServiceProvider provider, string name)
        where T : class => name.Length == 0 ? provider.GetService<T>() : provider is IKeyedServiceProvider ? provider.GetKeyedService<T>(name) : null;

    // The store's own, else the one that is registered for all.
    public static T? GetNamedOrPlain<T>(this IServiceProvider provider, string name)
        where T : class => provider.GetNamed<T>(name) ?? provider.GetService<T>();

    // A descriptor with a key of null is one without a key.
    private static ServiceDescriptor Describe<T>(string name, Func<IServiceProvider, T> make)
        where T : class => ServiceDescriptor.KeyedSingleton(name.Length == 0 ? null : name, (provider, _) => make(provider));
}
