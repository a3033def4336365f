namespace DigestStore.Table;

// Provides the table of a call. If Open throws, the exception is reported as a fault of the call.
internal interface ITableSource : IDisposable
{
    IDigestTable Open(DigestStoreOptions options);

    // Where the tables are: a service, a file or a memory. Two sources with equal places and equal table names have the same table.
    object PlaceOf(DigestStoreOptions options) => this;

    // What is told, and what to do, when nothing is asked of the tables any more because they did not answer. Null: the general text, which is
    // about DynamoDB.
    string? OutageRemedy => null;
}
