using System.Diagnostics.Metrics;
using DigestStore.Table;

namespace DigestStore.Telemetry;

// The only file that uses instruments. Listeners are code of the host: an exception that one of them throws must not reach the caller of the
// library, and each instrument is guarded by itself, so that one bad listener does not silence the others. For everything that is measured
// often, tags are made only while somebody listens.
internal sealed class Instruments
{
    public const string MeterName = "DigestStore";

    private const string Table = "table";
    private const string Operation = "operation";
    private const string Outcome = "outcome";
    private const string Status = "status";
    private const string Reason = "reason";
    private const string Field = "field";

    // The boundaries are those of OpenTelemetry's semantic conventions.
    // https://opentelemetry.io/docs/specs/semconv/database/database-metrics/
    private static readonly InstrumentAdvice<double> RequestSeconds = new() { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] };

    // The boundaries include the default deadlines, 5 s for a page of a read and 25 s for a store call, so that a histogram shows how many calls
    // reached them.
    private static readonly InstrumentAdvice<double> CallSeconds = new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 60] };

    // BatchWriteItem takes at most 25 items and BatchGetItem at most 100 keys. The boundaries at these limits show how many batches were
    // full.
    private static readonly InstrumentAdvice<long> BatchItems = new() { HistogramBucketBoundaries = [1, 5, 10, 15, 20, 24, 25, 50, 99, 100] };

    // A delivery includes the sending, which may take minutes. The default of its longest duration is 10 minutes.
    private static readonly InstrumentAdvice<double> DeliverySeconds = new() { HistogramBucketBoundaries = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1200] };

    private static readonly Lazy<Meter> Shared = new(static () => new Meter(MeterName, Version));

    private readonly Counter<long>? _items;
    private readonly Histogram<double>? _storeSeconds;
    private readonly Histogram<double>? _readSeconds;
    private readonly Counter<long>? _requests;
    private readonly Counter<long>? _lateAnswers;
    private readonly Counter<long>? _retries;
    private readonly Histogram<long>? _batchItems;
    private readonly Counter<double>? _units;
    private readonly Counter<long>? _defects;
    private readonly Counter<long>? _fields;
    private readonly Counter<long>? _letters;
    private readonly Histogram<double>? _requestSeconds;
    private readonly Counter<long>? _attempts;
    private readonly Histogram<double>? _deliverySeconds;
    private readonly string _databaseSystem;

    public Instruments(IMeterFactory? meters, string databaseSystem = Spans.DynamoDb)
    {
        _databaseSystem = databaseSystem;
        Meter meter = MeterOf(meters);
        _items = Counter<long>(meter, "digeststore.store.items", "{item}", "Items handed in to a store, by what became of them.");
        _storeSeconds = Histogram(meter, "digeststore.store.duration", "s", "How long store calls took.", CallSeconds);
        _readSeconds = Histogram(meter, "digeststore.read.duration", "s", "How long reads and deletions took.", CallSeconds);
        _requests = Counter<long>(meter, "digeststore.requests", "{request}", "Requests sent to the table, repeated ones included.");
        _lateAnswers = Counter<long>(meter, "digeststore.requests.late", "{request}", "Requests that ended after they had been given up.");
        _retries = Counter<long>(meter, "digeststore.retries", "{request}", "Requests that repeated an earlier one, wholly or in part.");
        _batchItems = Histogram(meter, "digeststore.batch.size", "{item}", "Items or keys per batch request.", BatchItems);
        _units = Counter<double>(meter, "digeststore.consumed_capacity", "{unit}", "Capacity units of DynamoDB, as the table reported them.");
        _defects = Counter<long>(meter, "digeststore.quality.defects", "{item}", "Items that were rejected, or have something odd about them.");
        _fields = Counter<long>(meter, "digeststore.quality.fields", "{item}", "Items that have the field; for the field `items`, all items.");
        _letters = Counter<long>(meter, "digeststore.dead_letters", "{item}", "Items handed to the dead-letter sink.");
        _requestSeconds = Histogram(meter, "db.client.operation.duration", "s", "Duration of database client operations.", RequestSeconds);
        _attempts = Counter<long>(meter, "digeststore.delivery.attempts", "{attempt}", "Attempts to send the email of a day, by what became of them.");
        _deliverySeconds = Histogram(meter, "digeststore.delivery.duration", "s", "How long deliveries took, the sender's own time included.", DeliverySeconds);
    }

    public static string Version { get; } = typeof(Instruments).Assembly.GetName().Version?.ToString(3) ?? "";

    public void RequestDone(string table, TableReply reply, TimeSpan duration, string? retryReason)
    {
        if (_requests is { Enabled: true })
        {
            Add(_requests, 1, new(Operation, reply.Operation), new(Status, StatusOf(reply)), new(Table, table));
        }

        if (_retries is { Enabled: true } && retryReason is not null)
        {
            Add(_retries, 1, new(Operation, reply.Operation), new(Reason, retryReason), new(Table, table));
        }

        if (_batchItems is { Enabled: true } && reply.BatchSize > 0)
        {
            Record(_batchItems, reply.BatchSize, new(Operation, reply.Operation), new(Table, table));
        }

        if (_units is { Enabled: true } && reply.Units > 0)
        {
            Add(_units, reply.Units, new(Operation, reply.Operation), new(Table, table));
        }

        if (_requestSeconds is { Enabled: true } && reply.Fault is null)
        {
            Record(_requestSeconds, duration.TotalSeconds, new(Spans.DatabaseSystem, _databaseSystem), new(Spans.DatabaseOperation, reply.Operation), new(Spans.Collection, table));
        }
        else if (_requestSeconds is { Enabled: true } && reply.Fault is { } fault)
        {
            Record(
                _requestSeconds, duration.TotalSeconds, new(Spans.DatabaseSystem, _databaseSystem), new(Spans.DatabaseOperation, reply.Operation), new(Spans.Collection, table),
                new(Spans.ErrorType, TagValues.Of(fault.Kind)));
        }
    }

    public void AnsweredLate(string table, string operation) => Add(_lateAnswers, 1, new(Operation, operation), new(Table, table));

    public void StoreDone(string table, StoreResult result)
    {
        if (_storeSeconds is { Enabled: true })
        {
            Record(_storeSeconds, result.Duration.TotalSeconds, new(Status, TagValues.Of(result.Status)), new(Table, table));
        }

        if (_items is { Enabled: true })
        {
            // Zeros are recorded too, because a ratio of two outcomes needs a value for both.
            Count(DigestItemOutcome.Inserted, result.Inserted);
            Count(DigestItemOutcome.Updated, result.Updated);
            Count(DigestItemOutcome.Unchanged, result.Unchanged);
            Count(DigestItemOutcome.Duplicate, result.Duplicates);
            Count(DigestItemOutcome.Rejected, result.Rejected);
            Count(DigestItemOutcome.Failed, result.Failed);
            Count(DigestItemOutcome.Skipped, result.Skipped);
        }

        QualityDone(table, result.Quality);

        void Count(DigestItemOutcome outcome, int items) => Add(_items, items, new(Outcome, TagValues.Of(outcome)), new(Table, table));
    }

    public void ReadDone(string table, string operation, string outcome, TimeSpan duration)
    {
        if (_readSeconds is { Enabled: true })
        {
            Record(_readSeconds, duration.TotalSeconds, new(Operation, operation), new(Outcome, outcome), new(Table, table));
        }
    }

    public void DeliveryAttempted(string table, DeliveryOutcome outcome) => Add(_attempts, 1, new(Outcome, TagValues.Of(outcome)), new(Table, table));

    public void DeliveryDone(string table, DeliveryResult result)
    {
        if (_deliverySeconds is { Enabled: true })
        {
            Record(_deliverySeconds, result.Duration.TotalSeconds, new(Outcome, TagValues.Of(result.Outcome)), new(Table, table));
        }
    }

    public void DeadLettered(string table, bool isKept, int letters) => Add(_letters, letters, new(Outcome, isKept ? "kept" : "lost"), new(Table, table));

    private void QualityDone(string table, DigestQuality quality)
    {
        if (_fields is { Enabled: true } && quality.Items > 0)
        {
            Count("items", quality.Items);
            Count("summary", quality.WithSummary);
            Count("author", quality.WithAuthor);
            Count("source", quality.WithSource);
            Count("published_at", quality.WithPublishedAt);
        }

        if (_defects is { Enabled: true })
        {
            foreach ((StoreProblemReason reason, int items) in quality.Defects)
            {
                if (reason == StoreProblemReason.Superseded)
                {
                    // A superseded item has no defect.
                    continue;
                }

                Add(_defects, items, new(Reason, TagValues.Of(reason)), new(Table, table));
            }

            foreach ((QualityFinding finding, int items) in quality.Findings)
            {
                Add(_defects, items, new(Reason, TagValues.Of(finding)), new(Table, table));
            }
        }

        void Count(string field, int items) => Add(_fields, items, new(Field, field), new(Table, table));
    }

    private static string StatusOf(TableReply reply) => reply switch
    {
        { Fault: { } fault } => TagValues.Of(fault.Kind),
        { MadeNoProgress: true } => TagValues.Unprocessed,
        { IsPartial: true } => TagValues.Partial,
        _ => TagValues.Ok,
    };

    private static Meter MeterOf(IMeterFactory? meters)
    {
        try
        {
            return meters?.Create(new MeterOptions(MeterName) { Version = Version }) ?? Shared.Value;
        }
        catch (Exception)
        {
            return Shared.Value;
        }
    }

    private static Counter<T>? Counter<T>(Meter meter, string name, string unit, string description)
        where T : struct
    {
        try
        {
            return meter.CreateCounter<T>(name, unit, description);
        }
        catch (Exception)
        {
            // A listener has failed, and there is nowhere to report it.
            return null;
        }
    }

    private static Histogram<T>? Histogram<T>(Meter meter, string name, string unit, string description, InstrumentAdvice<T> advice)
        where T : struct
    {
        try
        {
            return meter.CreateHistogram(name, unit, description, advice: advice);
        }
        catch (Exception)
        {
            // A listener has failed, and there is nowhere to report it.
            return null;
        }
    }

    private static void Add<T>(Counter<T>? counter, T value, params ReadOnlySpan<KeyValuePair<string, object?>> tags)
        where T : struct
    {
        try
        {
            counter?.Add(value, tags);
        }
        catch (Exception)
        {
            // A listener has failed, and there is nowhere to report it.
        }
    }

    private static void Record<T>(Histogram<T> histogram, T value, params ReadOnlySpan<KeyValuePair<string, object?>> tags)
        where T : struct
    {
        try
        {
            histogram.Record(value, tags);
        }
        catch (Exception)
        {
            // A listener has failed, and there is nowhere to report it.
        }
    }
}
