using DigestStore.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DigestStore.Hosting;

// Which names are registered, and with what; lives in the service collection itself.
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

    // False when there is nothing new to configure.
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

    // Sections are made anew whenever they are asked for.
    private static bool IsSame(object left, object right) =>
        ReferenceEquals(left, right) ||
        (left is IConfigurationSection one && right is IConfigurationSection other && string.Equals(one.Path, other.Path, StringComparison.OrdinalIgnoreCase));
}
