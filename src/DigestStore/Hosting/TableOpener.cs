using DigestStore.Calls;
using DigestStore.Configuration;
using DigestStore.DynamoDb;
using DigestStore.Faults;
using DigestStore.Table;

namespace DigestStore.Hosting;

// Opens the table of a call. A table that cannot be opened, because no region is set for example, is a fault of the call like any other.
internal static class TableOpener
{
    public static OpenedTable Open(ITableSource tables, StoreSettings settings)
    {
        try
        {
            // No client is created while the store is switched off, because creating one may fail or look for credentials.
            return !settings.Options.Enabled || settings.IsFallback
                ? new OpenedTable(new TableFault(FaultKind.Misconfigured, "InvalidOptions") { NotSent = true, Remedy = Remedies.InvalidOptions })
                : new OpenedTable(tables.Open(settings.Options));
        }
        catch (ObjectDisposedException exception)
        {
            // The repository may be disposed of at any moment, and so may the container that the client comes from.
            return new OpenedTable(new TableFault(FaultKind.Disposed, exception.GetType().Name) { NotSent = true });
        }
        catch (Exception exception) when (!Fatal.Is(exception))
        {
            return new OpenedTable(new TableFault(FaultKind.Misconfigured, exception.GetType().Name) { NotSent = true });
        }
    }
}
