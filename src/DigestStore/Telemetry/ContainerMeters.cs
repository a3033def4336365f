using System.Diagnostics.Metrics;
using DigestStore.Calls;
using Microsoft.Extensions.DependencyInjection;

namespace DigestStore.Telemetry;

// The meters of one container's stores, so that a listener of this container can tell them from those of another: all have the same
// name. They come from the container's IMeterFactory. Without one they are made here, since the meter that the process shares
// belongs to no container.
internal sealed class ContainerMeters(IServiceProvider provider) : IMeterFactory
{
    private readonly Lock _gate = new();
    private readonly IMeterFactory? _factory = FactoryOf(provider);
    private readonly HashSet<Meter> _created = [];
    private readonly List<Meter> _own = [];

    public Meter Create(MeterOptions options)
    {
        lock (_gate)
        {
            Meter meter = FromContainer(options) ?? Own(options);
            _created.Add(meter);
            return meter;
        }
    }

    // The scope tells the meters of a repository that was made by hand with the container's factory. A factory of another kind than
    // the framework's may leave the scope empty, so the meters that were made here are remembered as well.
    public bool Has(Meter meter)
    {
        lock (_gate)
        {
            return _created.Contains(meter) || (meter.Name == Instruments.MeterName && _factory is not null && ReferenceEquals(meter.Scope, _factory));
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _own.ForEach(static meter => meter.Dispose());
        }
    }

    private Meter? FromContainer(MeterOptions options)
    {
        try
        {
            return _factory?.Create(options);
        }
        catch (Exception exception) when (!Fatal.Is(exception))
        {
            // The host's code; a store must not end with it.
            return null;
        }
    }

    private static IMeterFactory? FactoryOf(IServiceProvider provider)
    {
        try
        {
            return provider.GetService<IMeterFactory>();
        }
        catch (Exception exception) when (!Fatal.Is(exception))
        {
            // As above.
            return null;
        }
    }

    private Meter Own(MeterOptions options)
    {
        Meter? meter = _own.Find(known => known.Name == options.Name);
        if (meter is null)
        {
            meter = new Meter(new MeterOptions(options.Name) { Version = options.Version, Scope = this });
            _own.Add(meter);
        }

        return meter;
    }
}
