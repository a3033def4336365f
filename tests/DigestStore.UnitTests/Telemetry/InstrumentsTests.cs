using System.Diagnostics.Metrics;
using DigestStore.Records;
using DigestStore.Table;
using DigestStore.TestSupport;

namespace DigestStore.UnitTests.Telemetry;

public sealed class InstrumentsTests : IDisposable
{
    private const string Secret = "s3cret";

    private readonly MeterRecorder _meters = new();
    private readonly TableDouble _table = new();

    public void Dispose() => _meters.Dispose();

    [Fact]
    public async Task Every_item_of_a_store_is_counted_by_its_outcome()
    {
        using DigestRepository repository = Repository();
        await repository.StoreAsync(Some.Date, Some.Items(3));

        await repository.StoreAsync(Some.Date, [.. Some.Items(4), Some.Item(4), Some.Item(4), Some.Item(0) with { Title = "other" }, Some.Item(9) with { Title = "" }]);

        Assert.Equal(3 + 2, _meters.Sum("digeststore.store.items", "outcome=inserted", "table=digests"));
        Assert.Equal(1, _meters.Sum("digeststore.store.items", "outcome=updated"));
        Assert.Equal(2, _meters.Sum("digeststore.store.items", "outcome=unchanged"));
        Assert.Equal(2, _meters.Sum("digeststore.store.items", "outcome=duplicate"));
        Assert.Equal(1, _meters.Sum("digeststore.store.items", "outcome=rejected"));
        Assert.Equal(3 + 8, _meters.Sum("digeststore.store.items"));
    }

    [Fact]
    public async Task Outcomes_that_did_not_occur_are_counted_as_zero()
    {
        using DigestRepository repository = Repository();

        await repository.StoreAsync(Some.Date, Some.Items(1));

        Assert.Equal(0, Assert.Single(_meters.Of("digeststore.store.items", "outcome=failed")).Value);
        Assert.Equal(Enum.GetValues<DigestItemOutcome>().Length, _meters.Of("digeststore.store.items").Count);
    }

    [Fact]
    public async Task Failed_items_and_the_status_of_their_store_are_told()
    {
        _table.OnQuery = static _ => Task.FromResult(new PageReply { Fault = Some.Fault(FaultKind.AccessDenied, 400) });
        using DigestRepository repository = Repository();

        await repository.StoreAsync(Some.Date, Some.Items(30));

        Assert.Equal(30, _meters.Sum("digeststore.store.items", "outcome=failed"));
        Assert.Single(_meters.Of("digeststore.store.duration", "status=failed", "table=digests"));
        Assert.Equal(1, _meters.Sum("digeststore.requests", "operation=Query", "status=access_denied"));
    }

    [Fact]
    public async Task A_store_s_duration_is_in_seconds()
    {
        var clock = new FixedClock();
        _table.OnQuery = _ =>
        {
            clock.Advance(TimeSpan.FromSeconds(1.5));
            return null;
        };
        using DigestRepository repository = Repository(time: clock);

        await repository.StoreAsync(Some.Date, Some.Items(30));

        Assert.Equal(1.5, Assert.Single(_meters.Of("digeststore.store.duration", "status=stored")).Value, 3);
        Assert.Equal(1.5, Assert.Single(_meters.Of("db.client.operation.duration", "db.operation.name=Query")).Value, 3);
    }

    [Fact]
    public async Task Every_request_is_counted_by_operation_and_status()
    {
        int writes = 0;
        _table.OnWrite = batch => ++writes switch
        {
            1 => new WriteReply { Sent = batch.Puts.Count, Fault = Some.Fault(FaultKind.Throttled, 400) },
            2 => new WriteReply { Sent = batch.Puts.Count, Unprocessed = [.. batch.Puts.Take(1).Select(put => put.Id)] },
            3 => new WriteReply { Sent = batch.Puts.Count, Unprocessed = [.. batch.Puts.Select(put => put.Id)] },
            _ => null,
        };
        using DigestRepository repository = Repository(options => options.MaxConcurrency = 1);

        StoreResult result = await repository.StoreAsync(Some.Date, Some.Items(26));

        Assert.Equal(StoreStatus.Stored, result.Status);
        Assert.Equal(result.Cost.Requests, _meters.Sum("digeststore.requests"));
        Assert.Equal(1, _meters.Sum("digeststore.requests", "operation=Query", "status=ok", "table=digests"));
        Assert.Equal(1, _meters.Sum("digeststore.requests", "operation=BatchWriteItem", "status=throttled"));
        Assert.Equal(1, _meters.Sum("digeststore.requests", "operation=BatchWriteItem", "status=partial"));
        Assert.Equal(1, _meters.Sum("digeststore.requests", "operation=BatchWriteItem", "status=unprocessed"));
        Assert.Equal(1, _meters.Sum("digeststore.requests", "operation=UpdateItem", "status=ok"));
        Assert.Equal(result.Cost.Retries, _meters.Sum("digeststore.retries", "operation=BatchWriteItem", "reason=throttled", "table=digests"));
        Assert.Equal(1 + result.Cost.Requests - 2 - 1, _meters.Of("digeststore.batch.size", "operation=BatchWriteItem", "table=digests").Count);
        Assert.Equal(25, _meters.Of("digeststore.batch.size")[0].Value);
        Assert.Equal(result.Cost.WriteUnits, _meters.Sum("digeststore.consumed_capacity", "operation=BatchWriteItem") + _meters.Sum("digeststore.consumed_capacity", "operation=UpdateItem"));
        Assert.Equal(result.Cost.ReadUnits, _meters.Sum("digeststore.consumed_capacity", "operation=Query"));
    }

    [Theory]
    [InlineData(FaultKind.Unavailable, "unavailable")]
    [InlineData(FaultKind.Unreachable, "unreachable")]
    [InlineData(FaultKind.TimedOut, "timed_out")]
    [InlineData(FaultKind.InvalidResponse, "invalid_response")]
    public async Task A_retry_is_counted_by_its_reason(object kind, string reason)
    {
        int reads = 0;
        _table.OnQuery = _ => ++reads == 1 ? Task.FromResult(new PageReply { Fault = Some.Fault((FaultKind)kind) }) : null;
        using DigestRepository repository = Repository();

        await repository.StoreAsync(Some.Date, Some.Items(30));

        Assert.Equal(1, _meters.Sum("digeststore.retries"));
        Assert.Equal(1, _meters.Sum("digeststore.retries", "operation=Query", $"reason={reason}"));
        Assert.Equal($"error.type={reason}", Assert.Single(_meters.Of("db.client.operation.duration", $"error.type={reason}")).Tags[^1]);
    }

    [Fact]
    public async Task Database_durations_have_the_attributes_of_the_conventions()
    {
        using DigestRepository repository = Repository();

        await repository.StoreAsync(Some.Date, Some.Items(30));

        IReadOnlyList<MeterRecorder.Measurement> all = _meters.Of("db.client.operation.duration");
        Assert.Equal(4, all.Count);
        Assert.All(all, measurement => Assert.Equal(["db.system.name=aws.dynamodb", measurement.Tags[1], "db.collection.name=digests"], measurement.Tags));
    }

    [Fact]
    public async Task Reads_and_deletions_are_timed_by_operation_and_outcome()
    {
        using DigestRepository repository = Repository();
        await repository.GetAsync(Some.Date);
        await repository.FindAsync(Some.Date, Some.Item().Url);
        await repository.DeleteAsync(Some.Date, Some.Item().Url);
        await foreach (StoredDigestItem _ in repository.ReadAsync(Some.Date))
        {
        }

        _table.OnQuery = static _ => Task.FromResult(new PageReply { Fault = Some.Fault(FaultKind.TableNotFound, 400) });
        await Assert.ThrowsAsync<DigestStoreException>(() => repository.GetAsync(Some.Date));

        Assert.Equal(5, _meters.Of("digeststore.read.duration", "table=digests").Count);
        foreach (string operation in (string[])["get", "find", "delete", "read"])
        {
            Assert.Single(_meters.Of("digeststore.read.duration", $"operation={operation}", "outcome=ok"));
        }

        Assert.Single(_meters.Of("digeststore.read.duration", "operation=get", "outcome=table_not_found"));
    }

    [Fact]
    public async Task Defects_and_the_fields_that_items_have_are_counted()
    {
        using DigestRepository repository = Repository();

        await repository.StoreAsync(Some.Date, [Some.Item() with { Summary = "a", Author = "b" }, Some.Item(1) with { Title = " " }, Some.Item(2) with { Url = "javascript:1" }, Some.Item(3) with { Source = "c" }]);

        Assert.Equal(4, _meters.Sum("digeststore.quality.fields", "field=items", "table=digests"));
        Assert.Equal(1, _meters.Sum("digeststore.quality.fields", "field=summary"));
        Assert.Equal(1, _meters.Sum("digeststore.quality.fields", "field=author"));
        Assert.Equal(1, _meters.Sum("digeststore.quality.fields", "field=source"));
        Assert.Equal(0, _meters.Sum("digeststore.quality.fields", "field=published_at"));
        Assert.Equal(1, _meters.Sum("digeststore.quality.defects", "reason=title_missing", "table=digests"));
        Assert.Equal(1, _meters.Sum("digeststore.quality.defects", "reason=url_scheme_not_allowed"));

        await repository.StoreAsync(Some.Date, [Some.Item(4) with { Title = "HURRY, LAST CHANCE TODAY", PublishedAt = DateTimeOffset.UnixEpoch }]);
        Assert.Equal(1, _meters.Sum("digeststore.quality.defects", "reason=title_shouting", "table=digests"));
        Assert.Equal(1, _meters.Sum("digeststore.quality.defects", "reason=stale"));
    }

    [Theory]
    [InlineData(true, "kept")]
    [InlineData(false, "lost")]
    public async Task Dead_letters_are_counted_by_whether_they_are_kept(bool works, string outcome)
    {
        _table.OnQuery = static _ => Task.FromResult(new PageReply { Fault = Some.Fault(FaultKind.AccessDenied, 400) });
        using var repository = new DigestRepository(_table.ToSource(), () => new DigestStoreOptions(), new DigestStoreServices { TimeProvider = new FixedClock(), DeadLetters = new SinkDouble(works), MeterFactory = _meters });

        await repository.StoreAsync(Some.Date, Some.Items(30));

        Assert.Equal(30, _meters.Sum("digeststore.dead_letters", $"outcome={outcome}", "table=digests"));
    }

    [Fact]
    public async Task No_tag_has_anything_of_an_item_or_of_an_error_s_text()
    {
        _table.OnWrite = static batch => new WriteReply { Sent = batch.Puts.Count, Fault = new TableFault(FaultKind.Unexpected, Secret, 400) };
        using DigestRepository repository = Repository();

        for (int day = 0; day < 20; day++)
        {
            await repository.StoreAsync(Some.Date.AddDays(day), [new DigestItem { Url = $"https://{Secret}.example/", Title = Secret, Source = Secret, Category = Secret, Author = Secret }]);
        }

        Assert.DoesNotContain(_meters.Measurements.SelectMany(static measurement => measurement.Tags), static tag => tag.Contains(Secret, StringComparison.Ordinal) || tag.Contains("2026", StringComparison.Ordinal));
        Assert.True(_meters.Measurements.Select(static measurement => measurement.Instrument + string.Join(',', measurement.Tags)).Distinct().Count() < 40);
    }

    [Fact]
    public void Histograms_advise_their_buckets()
    {
        using DigestRepository repository = Repository();

        Assert.Equal([0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10], Buckets<double>("db.client.operation.duration"));
        Assert.Contains(DigestStoreDefaults.Deadline.TotalSeconds, Buckets<double>("digeststore.store.duration"));
        Assert.Contains(DigestStoreDefaults.ReadDeadline.TotalSeconds, Buckets<double>("digeststore.read.duration"));
        Assert.Contains(Schema.MaxBatchWriteItems, Buckets<long>("digeststore.batch.size"));
        Assert.All(_meters.Instruments.Values, static instrument => Assert.False(instrument is Histogram<double> { Advice: null } or Histogram<long> { Advice: null }));
    }

    [Fact]
    public void Without_a_factory_the_process_s_own_meter_is_used()
    {
        var names = new List<string>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => { lock (names) { names.Add(instrument.Meter.Name + "/" + instrument.Name); } } };
        listener.Start();

        using DigestRepository repository = Some.Repository(_table);

        Assert.Contains("DigestStore/digeststore.store.items", names);
    }

    private IReadOnlyList<T> Buckets<T>(string histogram)
        where T : struct => ((Histogram<T>)_meters.Instruments[histogram]).Advice!.HistogramBucketBoundaries!;

    private DigestRepository Repository(Action<DigestStoreOptions>? change = null, TimeProvider? time = null)
    {
        DigestStoreOptions options = Some.Options(change);
        return new DigestRepository(_table.ToSource(), () => options, new DigestStoreServices { TimeProvider = time ?? new FixedClock { Hurry = TimeSpan.FromSeconds(2) }, MeterFactory = _meters });
    }
}
