using System.Diagnostics;
using DigestStore.Table;
using DigestStore.TestSupport;

namespace DigestStore.UnitTests.Telemetry;

public sealed class SpansTests : IDisposable
{
    private readonly SpanRecorder _spans = new();
    private readonly TableDouble _table = new();
    private readonly DigestRepository _repository;

    public SpansTests() => _repository = Some.Repository(_table);

    public void Dispose()
    {
        _repository.Dispose();
        _spans.Dispose();
    }

    [Fact]
    public async Task A_store_is_one_internal_span_with_its_counts()
    {
        StoreResult result = await _repository.StoreAsync(Some.Date, [.. Some.Items(30), Some.Item(), Some.Item(99) with { Title = "" }], new StoreCallOptions { CorrelationId = "call-1", Caller = "job" });

        Activity span = Assert.Single(_spans.Spans);
        Assert.Equal(("digest.store", ActivityKind.Internal, ActivityStatusCode.Unset), (span.OperationName, span.Kind, span.Status));
        Assert.Equal(_spans.Root.SpanId, span.ParentSpanId);
        Assert.Equal(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["db.system.name"] = "aws.dynamodb",
                ["db.collection.name"] = "digests",
                ["aws.dynamodb.table_names"] = "digests",
                ["aws.dynamodb.consumed_capacity"] = result.Cost.ReadUnits + result.Cost.WriteUnits,
                ["digeststore.operation"] = "store",
                ["digeststore.digest"] = "daily",
                ["digeststore.date"] = "2026-11-21",
                ["digeststore.correlation_id"] = "call-1",
                ["digeststore.caller"] = "job",
                ["digeststore.requests"] = result.Cost.Requests,
                ["digeststore.retries"] = 0,
                ["digeststore.status"] = "stored",
                ["digeststore.items"] = 32,
                ["digeststore.inserted"] = 30,
                ["digeststore.updated"] = 0,
                ["digeststore.unchanged"] = 0,
                ["digeststore.duplicates"] = 1,
                ["digeststore.rejected"] = 1,
                ["digeststore.failed"] = 0,
                ["digeststore.skipped"] = 0,
            },
            Tags(span));
    }

    [Fact]
    public async Task A_sampler_is_told_the_operation()
    {
        ActivityTraceId trace = _spans.Root.TraceId;
        var operations = new List<object?>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "DigestStore",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
            {
                if (options.Parent.TraceId == trace)
                {
                    operations.Add(options.Tags?.Single(static tag => tag.Key == "digeststore.operation").Value);
                }

                return ActivitySamplingResult.None;
            },
        };
        ActivitySource.AddActivityListener(listener);

        await _repository.StoreAsync(Some.Date, Some.Items(3));
        await _repository.GetAsync(Some.Date);

        Assert.Equal(["store", "get"], operations);
    }

    [Fact]
    public async Task The_trace_is_the_correlation_id_unless_one_is_given()
    {
        StoreResult result = await _repository.StoreAsync(Some.Date, Some.Items(1));

        Assert.Equal(_spans.Root.TraceId.ToHexString(), result.CorrelationId);
    }

    [Fact]
    public async Task A_failed_store_is_an_error_with_its_reason()
    {
        _table.OnQuery = static _ => Task.FromResult(new PageReply { Fault = Some.Fault(FaultKind.Throttled, 400) });

        await _repository.StoreAsync(Some.Date, Some.Items(30));

        Activity span = Assert.Single(_spans.Spans);
        Assert.Equal((ActivityStatusCode.Error, "compare_unavailable", "compare_unavailable"), (span.Status, span.StatusDescription, span.GetTagItem("error.type")));
    }

    [Fact]
    public async Task Reads_and_deletions_are_one_span_each()
    {
        await _repository.StoreAsync(Some.Date, Some.Items(3));
        await _repository.GetAsync(Some.Date);
        await _repository.FindAsync(Some.Date, Some.Id(0));
        await _repository.DeleteAsync(Some.Date, Some.Id(0));
        await foreach (StoredDigestItem _ in _repository.ReadAsync(Some.Date))
        {
        }

        Assert.Equal(
            [("digest.read", "get", 3), ("digest.read", "find", 1), ("digest.delete", "delete", 1), ("digest.read", "read", 2)],
            _spans.Spans.Skip(1).Select(static span => (span.OperationName, (string)span.GetTagItem("digeststore.operation")!, (int)span.GetTagItem("digeststore.items")!)));
        Assert.All(_spans.Spans, span => Assert.Equal(_spans.Root.SpanId, span.ParentSpanId));
    }

    [Fact]
    public async Task A_failed_read_is_an_error_with_its_reason_and_the_same_correlation_id_as_its_exception()
    {
        _table.OnQuery = static _ => Task.FromResult(new PageReply { Fault = Some.Fault(FaultKind.AccessDenied, 400) });

        DigestStoreException failure = await Assert.ThrowsAsync<DigestStoreException>(() => _repository.GetAsync(Some.Date));

        Activity span = Assert.Single(_spans.Spans);
        Assert.Equal((ActivityStatusCode.Error, "access_denied"), (span.Status, span.GetTagItem("error.type")));
        Assert.Equal(failure.CorrelationId, span.GetTagItem("digeststore.correlation_id"));
    }

    [Fact]
    public async Task A_read_that_its_consumer_leaves_is_no_error()
    {
        await _repository.StoreAsync(Some.Date, Some.Items(3));
        await foreach (StoredDigestItem _ in _repository.ReadAsync(Some.Date))
        {
            break;
        }

        Activity span = _spans.Spans.Last();
        Assert.Equal((ActivityStatusCode.Unset, "abandoned"), (span.Status, span.GetTagItem("digeststore.status")));
    }

    [Fact]
    public async Task The_caller_s_own_span_stays_current()
    {
        await _repository.StoreAsync(Some.Date, Some.Items(3));
        await foreach (StoredDigestItem _ in _repository.ReadAsync(Some.Date))
        {
            Assert.Same(_spans.Root, Activity.Current);
        }

        Assert.Same(_spans.Root, Activity.Current);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_listener_that_throws_leaves_the_caller_s_span_current(bool atStart)
    {
        Action misbehave = static () => throw new InvalidTimeZoneException();
        (_spans.OnStart, _spans.OnStop) = atStart ? (misbehave, null) : ((Action?)null, misbehave);

        StoreResult result = await _repository.StoreAsync(Some.Date, Some.Items(3));
        Digest digest = await _repository.GetAsync(Some.Date);

        Assert.Equal((StoreStatus.Stored, 3), (result.Status, digest.Count));
        Assert.Same(_spans.Root, Activity.Current);
    }

    private static Dictionary<string, object?> Tags(Activity span) => span.TagObjects.ToDictionary(
        static tag => tag.Key, static tag => tag.Value is string[] names ? string.Join(',', names) : tag.Value, StringComparer.Ordinal);
}
