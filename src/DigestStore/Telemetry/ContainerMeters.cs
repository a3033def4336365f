using System.Diagnostics.Metrics;
using DigestStore.Calls;
using Microsoft.Extensions.DependencyInjection;

namespace DigestStore.Telemetry;

// The meters of the repositories of one dependency-injection container. All meters of the library have the same name, so a listener needs this
// class to tell the meters of its own container from those of others. The container's IMeterFactory creates the meters. If the container has
// no factory, this class creates them, because the meter that the process shares belongs to no container.
internal sealed class ContainerMeters(IServiceProvider provider) : IMeterFactory
{
    private readonly Lock _lock = new();
    private readonly IMeterFactory? _factory = FactoryOf(provider);
    private readonly HashSet<Meter> _created = [];
    private readonly List<Meter> _own = [];

    public Meter Create(MeterOptions options)
    {
        lock (_lock)
        {
            Meter meter = MeterFromContainer(options) ?? OwnMeter(options);
            _created.Add(meter);
            return meter;
        }
    }

    // A repository that was made by hand with the container's factory has that factory as the scope of its meter. Other factories than the
    // framework's may leave the scope empty, so the meters that were created here are remembered as well.
    public bool Has(Meter meter)
    {
        lock (_lock)
        {
            return _created.Contains(meter) || (meter.Name == Instruments.MeterName && _factory is not null && ReferenceEquals(meter.Scope, _factory));
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _own.ForEach(static meter => meter.Dispose());
        }
    }

    private Meter? MeterFromContainer(MeterOptions options)
    {
        try
        {
            return _factory?.Create(options);
        }
        catch (Exception exception) when (!Fatal.Is(exception))
        {
            // The factory is code of the host, whose failure must not break a call.
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
            // Resolving the factory runs code of the host, whose failure must not break a call.
            return null;
        }
    }

    private Meter OwnMeter(MeterOptions options)
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
