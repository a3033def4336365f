using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DigestStore.Telemetry;

// The log, the audit log and the metrics of one repository.
internal sealed class StoreTelemetry(ILoggerFactory? loggers, IMeterFactory? meters, string databaseSystem = Spans.DynamoDb)
{
    public StoreLog Log { get; } = new((loggers ?? NullLoggerFactory.Instance).CreateLogger(StoreLog.Category));

    public AuditLog Audit { get; } = new((loggers ?? NullLoggerFactory.Instance).CreateLogger(AuditLog.Category));

    public Instruments Instruments { get; } = new(meters, databaseSystem);

    // The kind of database, as OpenTelemetry names it.
    public string DatabaseSystem { get; } = databaseSystem;
}
