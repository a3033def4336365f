using System.Diagnostics;
using DigestStore.Calls;
using DigestStore.Records;

namespace DigestStore.Telemetry;

// The only file that uses spans. Listeners are code of the host: an exception that one of them throws must neither reach the caller of
// the library nor leave a span current that has ended.
internal static class Spans
{
    public const string SourceName = "DigestStore";

    // The names are those of OpenTelemetry's semantic conventions.
    // https://opentelemetry.io/docs/specs/semconv/database/dynamodb/
    public const string DatabaseSystem = "db.system.name";
    public const string Collection = "db.collection.name";
    public const string DatabaseOperation = "db.operation.name";
    public const string ErrorType = "error.type";
    public const string TableNames = "aws.dynamodb.table_names";
    public const string ConsumedCapacity = "aws.dynamodb.consumed_capacity";
    public const string DynamoDb = "aws.dynamodb";
    public const string Sqlite = "sqlite";

    public const string Operation = "digeststore.operation";
    public const string Digest = "digeststore.digest";
    public const string Date = "digeststore.date";
    public const string CorrelationId = "digeststore.correlation_id";
    public const string Caller = "digeststore.caller";
    public const string Status = "digeststore.status";
    public const string Items = "digeststore.items";
    public const string Inserted = "digeststore.inserted";
    public const string Updated = "digeststore.updated";
    public const string Unchanged = "digeststore.unchanged";
    public const string Duplicates = "digeststore.duplicates";
    public const string Rejected = "digeststore.rejected";
    public const string Failed = "digeststore.failed";
    public const string Skipped = "digeststore.skipped";
    public const string Attempt = "digeststore.attempt";
    public const string Requests = "digeststore.requests";
    public const string Retries = "digeststore.retries";

    private static readonly ActivitySource Source = new(SourceName, Instruments.Version);

    public static Activity? Start(string name, string operation)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        Activity? parent = Activity.Current;
        try
        {
            // The operation is set at the start, because samplers do not see tags that are added later.
            return Source.StartActivity(ActivityKind.Internal, tags: [new(Operation, operation)], name: name);
        }
        catch (Exception)
        {
            Activity.Current = parent;
            return null;
        }
    }

    public static void Stop(Activity? span)
    {
        if (span is null)
        {
            return;
        }

        Activity? parent = span.Parent;
        try
        {
            span.Stop();
        }
        catch (Exception)
        {
            Activity.Current = parent;
        }
    }

    public static void Describe(Activity span, string databaseSystem, CallNames names, DayRange days, CallScope scope)
    {
        span.SetTag(DatabaseSystem, databaseSystem);
        span.SetTag(Collection, days.Table);
        if (databaseSystem == DynamoDb)
        {
            span.SetTag(TableNames, new[] { days.Table });
            span.SetTag(ConsumedCapacity, scope.ReadUnits + scope.WriteUnits);
        }

        span.SetTag(Digest, days.Digest);
        span.SetTag(Date, days.Text);
        span.SetTag(CorrelationId, names.CorrelationId);
        span.SetTag(Caller, names.Caller);
        span.SetTag(Requests, scope.Requests);
        span.SetTag(Retries, scope.Retries);
    }

    public static void Fail(Activity span, string cause)
    {
        span.SetTag(ErrorType, cause);
        span.SetStatus(ActivityStatusCode.Error, cause);
    }
}
