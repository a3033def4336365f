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
            headersBefore.Add(_table.Headers.Count);
            return null;
        };

        StoreResult result = await Some.Repository(_table, static options => (options.BatchSize, options.MaxConcurrency) = (1, 1), new FixedClock()).StoreAsync(Some.Date, Some.Stream(Some.Items(30)));

        Assert.Equal(30, result.Inserted);
        Assert.All(headersBefore, static headers => Assert.Equal(1, headers));
        Assert.Equal([true, false], _table.Headers.Select(static update => update.IsMark));
    }

    [Fact]
    public async Task A_stream_that_may_not_mark_the_day_writes_nothing()
    {
        _table.OnHeader = static _ => new HeaderReply { Fault = Some.Fault(FaultKind.TableNotFound, 400) };

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

        HeaderUpdate update = Assert.Single(_table.Headers);
        Assert.Equal(("stored", 30, "call-1", false), (update.StoreStatus, update.OrdinalsUsed, update.CorrelationId, update.StartAnew));
        Assert.Equal(update.StoredAt.AddDays(1), update.ExpiresAt);
        Assert.Matches("^[0-9a-f]{32}$", update.RunId);
        Assert.Equal(("pending", "1", "30"), (Header()[N.Status].S, Header()[N.Runs].N, Header()[N.NextOrdinal].N));
    }

    [Fact]
    public async Task Runs_have_ids_of_their_own_and_only_new_items_use_ordinals()
    {
        await Some.Repository(_table).StoreAsync(Some.Date, Some.Items(30));
        await Some.Repository(_table).StoreAsync(Some.Date, Some.Items(30));
        await Some.Repository(_table).StoreAsync(Some.Date, Some.Items(5, 100));

        Assert.Equal([30, 0, 5], _table.Headers.Select(static update => update.OrdinalsUsed));
        Assert.Equal(3, _table.Headers.Select(static update => update.RunId).Distinct().Count());
        Assert.Equal(("3", "35"), (Header()[N.Runs].N, Header()[N.NextOrdinal].N));
    }

    [Fact]
    public async Task An_update_that_was_applied_although_its_answer_was_an_error_counts_once()
    {
        int calls = 0;
        _table.OnHeader = update =>
        {
            if (calls++ > 0)
            {
                return null;
            }

            _table.Storage.With("digests", update.Partition.Key, records => Testing.InMemoryHeader.Apply(records, update, static _ => 1));
            return new HeaderReply { Fault = Some.Fault(FaultKind.Unavailable, 500) };
        };

        StoreResult result = await Some.Repository(_table).StoreAsync(Some.Date, Some.Items(3));

        Assert.Equal((StoreStatus.Stored, 0, 1), (result.Status, result.Problems.Count, result.Retries));
        Assert.Equal(2, _table.Headers.Count);
        Assert.Single(_table.Headers.Select(static update => update.RunId).Distinct());
        Assert.Equal("1", Header()[N.Runs].N);
    }

    [Fact]
    public async Task A_header_that_cannot_be_written_is_a_problem_and_no_failure()
    {
        _table.OnHeader = static _ => new HeaderReply { Fault = new TableFault(FaultKind.AccessDenied, "AccessDeniedException", 400) };

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
        _table.Headers.Clear();

        StoreResult result = await Some.Repository(_table).StoreAsync(Some.Date, Some.Items(3, 10));

        Assert.Empty(_table.Headers);
        Assert.Equal((StoreStatus.Stored, 3), (result.Status, result.Inserted));
        Assert.Equal(StoreProblemReason.HeaderNotWritten, Assert.Single(result.Problems).Reason);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("another")]
    public async Task A_header_that_became_newer_meanwhile_is_left_alone(string? runThere)
    {
        _table.OnHeader = _ => new HeaderReply { Fault = Some.Fault(FaultKind.ConditionFailed, 400), RunThere = runThere };

        StoreResult result = await Some.Repository(_table).StoreAsync(Some.Date, Some.Items(3));

        Assert.Single(_table.Headers);
        Assert.Equal(StoreProblemReason.HeaderNotWritten, Assert.Single(result.Problems).Reason);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task A_mark_names_no_run_so_none_counts_as_made_already(string? runThere)
    {
        using CallScope scope = Some.Scope();
        TableGateway gateway = Some.Gateway(_table, scope);
        _table.OnHeader = _ => new HeaderReply { Fault = Some.Fault(FaultKind.ConditionFailed, 400), RunThere = runThere };

        TableFault? fault = await HeaderWriter.MarkAsync(gateway, Some.Partition, new StoredState(gateway, Some.Settings(), Some.Partition), "");

        Assert.Equal(FaultKind.ConditionFailed, fault?.Kind);
    }

    [Fact]
    public async Task An_expired_header_starts_anew()
    {
        var clock = new FixedClock { Hurry = TimeSpan.FromSeconds(2) };
        DigestRepository repository = Some.Repository(_table, static options => options.Retention = TimeSpan.FromDays(1), clock);
        await repository.StoreAsync(Some.Date, Some.Items(3));
        Header()[N.Status] = ItemMapper.Text("delivered");
        Header()[N.DeliveredAt] = ItemMapper.Text("2026-11-21");
        clock.Advance(TimeSpan.FromDays(2));

        StoreResult result = await repository.StoreAsync(Some.Date, Some.Items(2));

        Assert.Equal(2, result.Inserted);
        Assert.True(_table.Headers.Last().StartAnew);
        Assert.Equal(("pending", "1", "2", false), (Header()[N.Status].S, Header()[N.Runs].N, Header()[N.NextOrdinal].N, Header().ContainsKey(N.DeliveredAt)));
    }

    [Fact]
    public async Task A_header_never_expires_before_an_item()
    {
        await Some.Repository(_table).StoreAsync(Some.Date, Some.Items(3));
        await Some.Repository(_table, static options => options.Retention = TimeSpan.FromDays(1)).StoreAsync(Some.Date, Some.Items(3, 10));

        Assert.All(_table.Headers, static update => Assert.Null(update.ExpiresAt));
    }

    [Fact]
    public async Task A_partial_store_says_so_and_uses_no_ordinals()
    {
        _table.OnWrite = static batch => batch.Puts.Any(static put => put.Id == Some.Id(2)) && batch.Puts.Count >= 1
            ? new WriteReply { Sent = batch.Puts.Count, Fault = Some.Fault(FaultKind.Invalid, 400) }
            : null;

        StoreResult result = await Some.Repository(_table).StoreAsync(Some.Date, Some.Items(5));

        Assert.Equal((StoreStatus.PartiallyStored, 4, 1), (result.Status, result.Inserted, result.Failed));
        HeaderUpdate update = Assert.Single(_table.Headers);
        Assert.Equal(("partially-stored", 0), (update.StoreStatus, update.OrdinalsUsed));
    }

    [Fact]
    public async Task The_delivery_s_status_survives_a_store()
    {
        await Some.Repository(_table).StoreAsync(Some.Date, Some.Items(3));
        Header()[N.Status] = ItemMapper.Text("delivered");

        await Some.Repository(_table).StoreAsync(Some.Date, Some.Items(3, 10));

        Assert.Equal("delivered", Header()[N.Status].S);
    }

    private Dictionary<string, AttributeValue> Header() => _table.Storage.With("digests", Some.Partition.Key, static records => records[RecordKeys.Header]);
}
