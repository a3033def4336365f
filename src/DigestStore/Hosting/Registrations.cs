using DigestStore.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DigestStore.Hosting;

// Remembers which stores are registered, and with which settings. It is kept in the service collection itself, so that it lasts as long as
// the registrations do.
internal sealed class Registrations
{
    private readonly Dictionary<string, List<object>> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<SectionReader>> _readers = new(StringComparer.Ordinal);

    public static Registrations Of(IServiceCollection services)
    {
        if (services.FirstOrDefault(service => service.ServiceType == typeof(Registrations))?.ImplementationInstance is Registrations known)
        {
            return known;
        }

        var registrations = new Registrations();
        services.AddSingleton(registrations);
        return registrations;
    }

    // Returns false when the same settings are registered already, so that a repeated call changes nothing.
    public bool TryAdd(string name, object? settings)
    {
        bool isNewName = !_byName.TryGetValue(name, out List<object>? known);
        if (known is null)
        {
            known = [];
            _byName.Add(name, known);
        }

        if (settings is null || known.Exists(other => IsSame(other, settings)))
        {
            return isNewName;
        }

        if (name.Length > 0 && known.Count > 0)
        {
            throw new InvalidOperationException(
                $"A digest store named '{name}' is already registered with other options. Give this one another name, or set all of its options in one place.");
        }

        known.Add(settings);
        return true;
    }

    public SectionReader AddReader(string name, IConfiguration section)
    {
        if (!_readers.TryGetValue(name, out List<SectionReader>? readers))
        {
            readers = [];
            _readers.Add(name, readers);
        }

        var reader = new SectionReader(section);
        readers.Add(reader);
        return reader;
    }

    public IReadOnlyList<SectionReader> ReadersOf(string name) => _readers.GetValueOrDefault(name) ?? [];

    // Sections are compared by path, because IConfiguration.GetSection creates a new object at every call.
    private static bool IsSame(object left, object right) =>
        ReferenceEquals(left, right) ||
        (left is IConfigurationSection one && right is IConfigurationSection other && string.Equals(one.Path, other.Path, StringComparison.OrdinalIgnoreCase));
}
