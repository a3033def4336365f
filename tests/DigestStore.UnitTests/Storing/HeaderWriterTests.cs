using System.Globalization;
using Amazon.DynamoDBv2.Model;
using DigestStore.Calls;
using DigestStore.Records;
using DigestStore.Resilience;
using DigestStore.Storing;
using DigestStore.Table;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.UnitTests.Storing;

public sealed class HeaderWriterTests
{
    private readonly TableDouble _table = new();

    // A stream that is killed must leave no day of which nobody knows the rules of its ids.
    [Fact]
    public async Task A_stream_marks_a_new_day_before_its_first_item()
    {
        var headersBefore = new List<int>();
        _table.OnWrite = _ =>
        {
            headersBefore.Add(_table.Updates.Count);
            return null;
        };

        StoreResult result = await Some.Repository(_table, static options => (options.BatchSize, options.MaxConcurrency) = (1, 1), new FixedClock()).StoreAsync(Some.Date, Some.Stream(Some.Items(30)));

        Assert.Equal(30, result.Inserted);
        Assert.All(headersBefore, static headers => Assert.Equal(1, headers));
        Assert.Equal([false, true], _table.Updates.Select(static update => update.ValueOf(N.LastRunId) is not null));
    }

    [Fact]
    public async Task A_stream_that_may_not_mark_the_day_writes_nothing()
    {
        _table.OnUpdate = static _ => new UpdateReply { Fault = Some.Fault(FaultKind.TableNotFound, 400) };

        StoreResult result = await Some.Repository(_table, static options => (options.BatchSize, options.MaxConcurrency) = (1, 1), new FixedClock()).StoreAsync(Some.Date, Some.Stream(Some.Items(30)));

        Assert.Empty(_table.Writes);
        Assert.Equal(result.Received, result.Failed);
        Assert.All(result.Problems.Where(static problem => problem.Index is not null), static problem => Assert.Equal(StoreProblemReason.TableNotFound, problem.Reason));
    }

    [Fact]
    public async Task A_complete_store_writes_the_day_s_header()
    {
        await Some.Repository(_table, static options => options.Retention = TimeSpan.FromDays(1)).StoreAsync(
            Some.Date, Some.Items(30), new StoreCallOptions { CorrelationId = "call-1" });

        Assert.Single(_table.Updates);
        Assert.Equal(("stored", "30", "call-1"), (Header()[N.LastStoreStatus].S, Header()[N.NextOrdinal].N, Header()[N.CorrelationId].S));
        Assert.Equal(
            Instants.ToEpochSeconds(DateTimeOffset.Parse(Header()[N.StoredAt].S, CultureInfo.InvariantCulture).AddDays(1)).ToString(CultureInfo.InvariantCulture), Header()[N.ExpiresAt].N);
        Assert.Matches("^[0-9a-f]{32}$", Header()[N.LastRunId].S);
        Assert.Equal(("pending", "STATUS#daily#pending", "1"), (Header()[N.Status].S, Header()[N.StatusIndexPk].S, Header()[N.Runs].N));
    }

    [Fact]
    public async Task Runs_have_ids_of_their_own_and_only_new_items_use_ordinals()
    {
        await Some.Repository(_table).StoreAsync(Some.Date, Some.Items(30));
        await Some.Repository(_table).StoreAsync(Some.Date, Some.Items(30));
        await Some.Repository(_table).StoreAsync(Some.Date, Some.Items(5, 100));

        Assert.Equal([30L, 0L, 5L], _table.Updates.Select(static update => update.ValueOf(N.NextOrdinal)!.Value.Number));
        Assert.Equal(3, _table.Updates.Select(static update => update.ValueOf(N.LastRunId)).Distinct().Count());
        Assert.Equal(("3", "35"), (Header()[N.Runs].N, Header()[N.NextOrdinal].N));
    }

    [Fact]
    public async Task An_update_that_was_applied_although_its_answer_was_an_error_counts_once()
    {
        int calls = 0;
        _table.OnUpdate = update =>
        {
            if (calls++ > 0)
            {
                return null;
            }

            _table.Storage.With("digests", Some.Partition.Key, records => records[RecordKeys.Header] = UpdateEvaluator.Apply(update, null).After!);
            return new UpdateReply { Fault = Some.Fault(FaultKind.Unavailable, 500) };
        };

        StoreResult result = await Some.Repository(_table).StoreAsync(Some.Date, Some.Items(3));

        Assert.Equal((StoreStatus.Stored, 0, 1), (result.Status, result.Problems.Count, result.Cost.Retries));
        Assert.Equal(2, _table.Updates.Count);
        Assert.Single(_table.Updates.Select(static update => update.ValueOf(N.LastRunId)).Distinct());
        Assert.Equal("1", Header()[N.Runs].N);
    }

    [Fact]
    public async Task A_header_that_cannot_be_written_is_a_problem_and_no_failure()
    {
        _table.OnUpdate = static _ => new UpdateReply { Fault = new TableFault(FaultKind.AccessDenied, "AccessDeniedException", 400) };

        StoreResult result = await Some.Repository(_table).StoreAsync(Some.Date, Some.Items(3));

        Assert.Equal((StoreStatus.Stored, 3, 0), (result.Status, result.Inserted, result.Failed));
        StoreProblem problem = Assert.Single(result.Problems);
        Assert.Equal((StoreProblemReason.HeaderNotWritten, null, null), (problem.Reason, problem.Index, problem.Outcome));
        Assert.EndsWith("AccessDeniedException: allow dynamodb:UpdateItem on table 'digests' (and its KMS key, if it has one).", problem.Message, StringComparison.Ordinal);
        result.EnsureStored();
    }

    [Fact]
    public async Task A_header_of_a_newer_version_is_left_alone()
    {
        await Some.Repository(_table).StoreAsync(Some.Date, Some.Items(3));
        Header()[N.Version] = ItemMapper.Number(2);
        _table.Updates.Clear();

        StoreResult result = await Some.Repository(_table).StoreAsync(Some.Date, Some.Items(3, 10));

        Assert.Empty(_table.Updates);
        Assert.Equal((StoreStatus.Stored, 3), (result.Status, result.Inserted));
        Assert.Equal(StoreProblemReason.HeaderNotWritten, Assert.Single(result.Problems).Reason);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("another")]
    public async Task A_header_that_became_newer_meanwhile_is_left_alone(string? runThere)
    {
        _table.OnUpdate = _ => Refused(runThere);

        StoreResult result = await Some.Repository(_table).StoreAsync(Some.Date, Some.Items(3));

        Assert.Single(_table.Updates);
        Assert.Equal(StoreProblemReason.HeaderNotWritten, Assert.Single(result.Problems).Reason);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("another")]
    public async Task A_mark_names_no_run_so_none_counts_as_made_already(string? runThere)
    {
        using CallScope scope = Some.Scope();
        TableGateway gateway = Some.Gateway(_table, scope);
        _table.OnUpdate = _ => Refused(runThere);

        var header = new HeaderWriter(Some.Context(scope), gateway, new StoredState(gateway, Some.Settings(), Some.Partition));

        UpdateReply? reply = await header.SaveIdRulesIfNeededAsync(isLastWindow: false);

        Assert.Equal(FaultKind.ConditionFailed, reply?.Fault?.Kind);
    }

    [Fact]
    public async Task An_expired_header_starts_anew()
    {
        var clock = new FixedClock { Hurry = TimeSpan.FromSeconds(2) };
        DigestRepository repository = Some.Repository(_table, static options => options.Retention = TimeSpan.FromDays(1), clock);
        await repository.StoreAsync(Some.Date, Some.Items(3));
        Header()[N.Status] = ItemMapper.Text("delivered");
        Header()[N.DeliveredAt] = ItemMapper.Text("2026-11-21");
        Header()["fence"] = ItemMapper.Number(7);
        clock.Advance(TimeSpan.FromDays(2));

        StoreResult result = await repository.StoreAsync(Some.Date, Some.Items(2));

        Assert.Equal(2, result.Inserted);
        Assert.Equal(("pending", "1", "2", false), (Header()[N.Status].S, Header()[N.Runs].N, Header()[N.NextOrdinal].N, Header().ContainsKey(N.DeliveredAt)));
        Assert.Equal("7", Header()["fence"].N);
    }

    // Between the look at the expired header and the end of the store somebody else has begun the day again, and delivered it.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_came_meanwhile_to_an_expired_header_is_not_wiped(bool isOldTold)
    {
        var clock = new FixedClock { Hurry = TimeSpan.FromSeconds(2) };
        DigestRepository repository = Some.Repository(_table, static options => options.Retention = TimeSpan.FromDays(1), clock);
        await repository.StoreAsync(Some.Date, Some.Items(3));
        clock.Advance(TimeSpan.FromDays(2));
        long laterExpiry = clock.GetUtcNow().AddDays(9).ToUnixTimeSeconds();
        _table.OnWrite = _ =>
        {
            Dictionary<string, AttributeValue> header = new(Header())
            {
                [N.Status] = ItemMapper.Text("delivered"),
                [N.DeliveredAt] = ItemMapper.Text("2026-11-23"),
                [N.LastRunId] = ItemMapper.Text("other"),
                [N.Runs] = ItemMapper.Number(1),
                [N.NextOrdinal] = ItemMapper.Number(40),
                [N.ExpiresAt] = ItemMapper.Number(laterExpiry),
            };
            _table.Storage.With("digests", Some.Partition.Key, records => records[RecordKeys.Header] = header);
            return null;
        };
        _table.OnUpdate = _ => !isOldTold && _table.Updates.Count == 2 ? new UpdateReply { Fault = Some.Fault(FaultKind.ConditionFailed, 400) } : null;

        StoreResult result = await repository.StoreAsync(Some.Date, Some.Items(2));

        Assert.Equal((2, 0), (result.Inserted, result.Problems.Count));
        Assert.Equal(("delivered", "2026-11-23", "2", "42"), (Header()[N.Status].S, Header()[N.DeliveredAt].S, Header()[N.Runs].N, Header()[N.NextOrdinal].N));
        Assert.Equal(laterExpiry.ToString(CultureInfo.InvariantCulture), Header()[N.ExpiresAt].N);
        Assert.Equal(3, _table.Updates.Count);
    }

    [Fact]
    public async Task An_expired_header_that_is_removed_meanwhile_is_made_anew()
    {
        var clock = new FixedClock { Hurry = TimeSpan.FromSeconds(2) };
        DigestRepository repository = Some.Repository(_table, static options => options.Retention = TimeSpan.FromDays(1), clock);
        await repository.StoreAsync(Some.Date, Some.Items(3));
        clock.Advance(TimeSpan.FromDays(2));
        _table.OnWrite = _ =>
        {
            _table.Storage.With("digests", Some.Partition.Key, static records => records.Remove(RecordKeys.Header));
            return null;
        };

        StoreResult result = await repository.StoreAsync(Some.Date, Some.Items(2));

        Assert.Empty(result.Problems);
        Assert.Equal(("pending", "1", "2"), (Header()[N.Status].S, Header()[N.Runs].N, Header()[N.NextOrdinal].N));
    }

    // As by dynalite, which tells no old record. The look-up finds the run of the attempt whose answer was lost.
    [Fact]
    public async Task Where_a_refusal_tells_no_record_one_look_up_finds_the_run()
    {
        bool isFirst = true;
        _table.OnUpdate = update =>
        {
            if (!isFirst)
            {
                return new UpdateReply { Fault = Some.Fault(FaultKind.ConditionFailed, 400) };
            }

            isFirst = false;
            _table.Storage.With("digests", Some.Partition.Key, records => records[RecordKeys.Header] = UpdateEvaluator.Apply(update, null).After!);
            return new UpdateReply { Fault = Some.Fault(FaultKind.Unavailable, 500) };
        };

        StoreResult result = await Some.Repository(_table).StoreAsync(Some.Date, Some.Items(30));

        Assert.Empty(result.Problems);
        LookupRequest lookup = Assert.Single(_table.Lookups);
        Assert.Equal((new RecordKey(Some.Partition.Key, RecordKeys.Header), true), (Assert.Single(lookup.Keys), lookup.Consistent));
    }

    // Its day is not mixed, its ordinals begin at 0, and it gets the expiry that a first store gives.
    [Theory]
    [InlineData(2)]
    [InlineData(30)]
    public async Task A_header_that_only_a_delivery_has_written_counts_as_none(int items)
    {
        var clock = new FixedClock { Hurry = TimeSpan.FromSeconds(2) };
        Dictionary<string, AttributeValue> delivered = UpdateEvaluator.Apply(
            new RecordUpdate("digests", new RecordKey(Some.Partition.Key, RecordKeys.Header))
            {
                Changes = [.. HeaderStatus.Set(Some.Partition, DeliveryStatus.Delivered), new AttributeChange.Set(N.Version, 1), new AttributeChange.Set(N.NextOrdinal, 9)],
            },
            before: null).After!;
        _table.Storage.With("digests", Some.Partition.Key, records => records[RecordKeys.Header] = delivered);

        StoreResult result = await Some.Repository(_table, static options => options.Retention = TimeSpan.FromDays(1), clock).StoreAsync(Some.Date, Some.Items(items));

        Assert.Equal((items, 0), (result.Inserted, result.Problems.Count));
        Assert.Equal(items == 2 ? 3 : 4, result.Cost.Requests);
        Assert.Equal(("delivered", "1"), (Header()[N.Status].S, Header()[N.IdRules].S));
        Assert.Equal(clock.GetUtcNow().AddDays(1).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), Header()[N.ExpiresAt].N);
        Assert.Equal([.. Enumerable.Range(0, items)], (await Some.Repository(_table, null, clock).GetAsync(Some.Date)).Select(static stored => stored.Ordinal));
    }

    [Fact]
    public async Task A_header_never_expires_before_an_item()
    {
        await Some.Repository(_table).StoreAsync(Some.Date, Some.Items(3));
        await Some.Repository(_table, static options => options.Retention = TimeSpan.FromDays(1)).StoreAsync(Some.Date, Some.Items(3, 10));

        Assert.All(_table.Updates, static update => Assert.Null(update.ValueOf(N.ExpiresAt)));
        Assert.False(Header().ContainsKey(N.ExpiresAt));
    }

    [Fact]
    public async Task A_partial_store_says_so_and_uses_no_ordinals()
    {
        _table.OnWrite = static batch => batch.Puts.Any(static put => put.Id == Some.Id(2)) && batch.Puts.Count >= 1
            ? new WriteReply { Sent = batch.Puts.Count, Fault = Some.Fault(FaultKind.Invalid, 400) }
            : null;

        StoreResult result = await Some.Repository(_table).StoreAsync(Some.Date, Some.Items(5));

        Assert.Equal((StoreStatus.PartiallyStored, 4, 1), (result.Status, result.Inserted, result.Failed));
        Assert.Single(_table.Updates);
        Assert.Equal(("partially-stored", "0"), (Header()[N.LastStoreStatus].S, Header()[N.NextOrdinal].N));
    }

    [Fact]
    public async Task The_delivery_s_status_survives_a_store()
    {
        await Some.Repository(_table).StoreAsync(Some.Date, Some.Items(3));
        Header()[N.Status] = ItemMapper.Text("delivered");

        await Some.Repository(_table).StoreAsync(Some.Date, Some.Items(3, 10));

        Assert.Equal("delivered", Header()[N.Status].S);
    }

    private static UpdateReply Refused(string? runThere) => new()
    {
        Fault = Some.Fault(FaultKind.ConditionFailed, 400),
        Record = runThere is null ? null : new StoredRecord(new RecordKey(Some.Partition.Key, RecordKeys.Header), new() { [N.LastRunId] = ItemMapper.Text(runThere), [N.Version] = ItemMapper.Number(2) }),
    };

    private Dictionary<string, AttributeValue> Header() => _table.Storage.With("digests", Some.Partition.Key, static records => records[RecordKeys.Header]);
}
