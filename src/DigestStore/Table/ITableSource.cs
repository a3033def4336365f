namespace DigestStore.Table;

// Provides the table of a call. If Open throws, the exception is reported as a fault of the call.
internal interface ITableSource : IDisposable
{
    IDigestTable Open(DigestStoreOptions options);
}
