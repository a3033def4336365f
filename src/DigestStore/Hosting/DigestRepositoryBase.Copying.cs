using DigestStore.Configuration;
using DigestStore.History;
using DigestStore.Hosting;

namespace DigestStore;

// A copy uses two repositories, and each of them lends its table.
public abstract partial class DigestRepositoryBase
{
    // Throws if the repository is disposed of, switched off or without valid options: a copy that cannot begin has no days to report.
    internal (HistorySources Sources, object Place) OpenToCopy()
    {
        ThrowIfDisposed();
        return Refusal(out StoreSettings settings) is { } refusal
            ? throw refusal
            : (new HistorySources(settings, TableOpener.Open(_tables, settings), _breaker, _time, _telemetry, _disposal), _tables.PlaceOf(settings.Options));
    }
}
