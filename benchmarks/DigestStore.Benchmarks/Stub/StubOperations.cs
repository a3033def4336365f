using System.Buffers;
using System.Diagnostics;
using System.Text;
using DigestStore.Doctor;

namespace DigestStore.Benchmarks.Stub;

/// <summary>DynamoDB's answers, as far as the peers need them. Every answer is a status and a body.</summary>
internal sealed class StubOperations
{
    private const string Target = "DynamoDB_20120810.";

    private readonly StubTable _table = new();
    private readonly Lock _lock = new();
    private readonly ExactDelay _delay = new();
    private List<double> _delays = [];
    private StubCounters _counters = new();
    private Admission _admission = new(new StubSettings());

    public StubSettings Settings { get; private set; } = new();

    public void Configure(StubSettings settings)
    {
        (Settings, _admission) = (settings, new Admission(settings));
        if (settings.Forget)
        {
            _table.Forget();
        }
    }

    public StubCounters Take()
    {
        lock (_lock)
        {
            StubCounters taken = _counters;
            _counters = new StubCounters();
            return taken;
        }
    }

    public StubDelays TakeDelays()
    {
        lock (_lock)
        {
            List<double> taken = _delays;
            _delays = [];
            return StubDelays.Of(taken);
        }
    }

    /// <summary>For as long as is set, since a timestamp of <see cref="Stopwatch"/>.</summary>
    public async Task DelayAsync(long since)
    {
        await _delay.UntilAsync(since + (Settings.LatencyMilliseconds * Stopwatch.Frequency / 1_000));
        double milliseconds = Stopwatch.GetElapsedTime(since).TotalMilliseconds;
        lock (_lock)
        {
            _delays.Add(milliseconds);
        }
    }

    /// <summary>Returns which one of a chain of requests this is.</summary>
    public int BeginTrip()
    {
        lock (_lock)
        {
            return _counters.Trips + 1;
        }
    }

    public void EndTrip(int trip, int read, int written)
    {
        lock (_lock)
        {
            _counters.Trips = Math.Max(_counters.Trips, trip);
            _counters.BytesIn += read;
            _counters.BytesOut += written;
        }
    }

    public int Answer(ReadOnlySpan<byte> target, ReadOnlySpan<byte> body, ArrayBufferWriter<byte> into)
    {
        string operation = Encoding.ASCII.GetString(target)[Target.Length..];
        RequestReader request = RequestReader.Read(body);
        lock (_lock)
        {
            if (_admission.IsThrottled())
            {
                Count(operation);
                return Throttle(into);
            }

            // Counted under the lock, answered from an immutable record or under the table's own.
            Count(operation);
            return operation switch
            {
                "PutItem" => PutItem(request, into),
                "BatchWriteItem" => BatchWriteItem(request, into),
                "BatchGetItem" => BatchGetItem(request, into),
                "Query" => Query(request, into),
                "UpdateItem" => UpdateItem(request, into),
                _ => Refuse(into, "UnknownOperationException"),
            };
        }
    }

    private void Count(string operation) => _ = operation switch
    {
        "PutItem" => _counters.PutItem++,
        "BatchWriteItem" => _counters.BatchWriteItem++,
        "BatchGetItem" => _counters.BatchGetItem++,
        "Query" => _counters.Query++,
        "UpdateItem" => _counters.UpdateItem++,
        _ => 0,
    };

    private int PutItem(RequestReader request, ArrayBufferWriter<byte> into)
    {
        StubRecord record = request.Puts[0];
        if (!_admission.Admits(mayBeLeft: false))
        {
            return Throttle(into);
        }

        _table.Put(record);
        _counters.Accepted++;
        Write(into, "{");
        Capacity(into, request.TableName, record.WriteUnits, isWrite: true);
        Write(into, "}");
        return 200;
    }

    private int BatchWriteItem(RequestReader request, ArrayBufferWriter<byte> into)
    {
        double units = 0;
        string between = "";
        Write(into, "{\"UnprocessedItems\":{");
        foreach (StubRecord record in request.Puts)
        {
            if (_admission.Admits())
            {
                if (!Settings.Discard)
                {
                    _table.Put(record);
                }

                _counters.Accepted++;
                units += record.WriteUnits;
                continue;
            }

            _counters.Unprocessed++;
            Write(into, between.Length == 0 ? $"\"{request.TableName}\":[" : between);
            Write(into, "{\"PutRequest\":{\"Item\":");
            into.Write(record.Json);
            Write(into, "}}");
            between = ",";
        }

        foreach (StubRecord key in request.Deletes)
        {
            _table.Delete(key.Pk, key.Sk);
            _counters.Accepted++;
            units++;
        }

        Write(into, between.Length == 0 ? "}," : "]},");
        Capacity(into, request.TableName, units, isWrite: true, isList: true);
        Write(into, "}");
        return 200;
    }

    private int BatchGetItem(RequestReader request, ArrayBufferWriter<byte> into)
    {
        double units = 0;
        string between = "";
        var left = new List<StubRecord>();
        Write(into, $"{{\"Responses\":{{\"{request.TableName}\":[");
        foreach (StubRecord key in request.Keys)
        {
            if (!_admission.Admits())
            {
                left.Add(key);
                continue;
            }

            StubRecord? record = _table.Get(key.Pk, key.Sk);
            units += Math.Max(1, Math.Ceiling((record?.Size ?? 0) / 4096.0));
            if (record is not null)
            {
                Write(into, between);
                into.Write(record.Json);
                between = ",";
            }
        }

        Write(into, "]},\"UnprocessedKeys\":{");
        _counters.Unprocessed += left.Count;
        for (int index = 0; index < left.Count; index++)
        {
            Write(into, index == 0 ? $"\"{request.TableName}\":{{\"Keys\":[" : ",");
            into.Write(left[index].Json);
        }

        Write(into, left.Count == 0 ? "}," : "]}},");
        Capacity(into, request.TableName, units, isWrite: false, isList: true);
        Write(into, "}");
        return 200;
    }

    private int Query(RequestReader request, ArrayBufferWriter<byte> into)
    {
        List<StubRecord> page = _table.Page(request.PartitionKey, request.StartAfter, request.Range, out bool hasMore);
        int bytes = 0;
        Write(into, "{\"Items\":[");
        for (int index = 0; index < page.Count; index++)
        {
            Write(into, index == 0 ? "" : ",");
            into.Write(page[index].Json);
            bytes += page[index].Size;
        }

        Write(into, $"],\"Count\":{page.Count},\"ScannedCount\":{page.Count},");
        if (hasMore)
        {
            Write(into, $"\"LastEvaluatedKey\":{{\"pk\":{{\"S\":\"{request.PartitionKey}\"}},\"sk\":{{\"S\":\"{page[^1].Sk}\"}}}},");
        }

        Capacity(into, request.TableName, Math.Max(1, Math.Ceiling(bytes / 4096.0)), isWrite: false);
        Write(into, "}");
        return 200;
    }

    private int UpdateItem(RequestReader request, ArrayBufferWriter<byte> into)
    {
        StubRecord key = request.Deletes[0];
        StubRecord updated = StubUpdates.Apply(request, key, _table.Get(key.Pk, key.Sk));
        _table.Put(updated);
        Write(into, "{");
        if (request.ReturnsRecord)
        {
            Write(into, "\"Attributes\":");
            into.Write(updated.Json);
            Write(into, ",");
        }

        Capacity(into, request.TableName, updated.WriteUnits, isWrite: true);
        Write(into, "}");
        return 200;
    }

    private void Capacity(ArrayBufferWriter<byte> into, string table, double units, bool isWrite, bool isList = false)
    {
        _counters.WriteUnits += isWrite ? units : 0;
        _counters.ReadUnits += isWrite ? 0 : units;
        string capacity = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{{\"TableName\":\"{table}\",\"CapacityUnits\":{units}}}");
        Write(into, isList ? $"\"ConsumedCapacity\":[{capacity}]" : $"\"ConsumedCapacity\":{capacity}");
    }

    private int Throttle(ArrayBufferWriter<byte> into)
    {
        _counters.Throttled++;
        return Refuse(into, "ProvisionedThroughputExceededException");
    }

    private static int Refuse(ArrayBufferWriter<byte> into, string type)
    {
        Write(into, $"{{\"__type\":\"com.amazonaws.dynamodb.v20120810#{type}\",\"message\":\"The stub says so.\"}}");
        return 400;
    }

    private static void Write(ArrayBufferWriter<byte> into, string text) => Encoding.UTF8.GetBytes(text, into);
}
