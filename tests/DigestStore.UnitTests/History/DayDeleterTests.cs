using DigestStore.Manifests;
using DigestStore.Records;
using DigestStore.Table;
using DigestStore.Testing;
using DigestStore.UnitTests.Telemetry;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.UnitTests.History;

public sealed class DayDeleterTests
{
    private static readonly TimeSpan PastLease = TimeSpan.FromMinutes(2.6);

    private readonly TableDouble _table = new();
    private readonly FixedClock _clock = new() { Hurry = TimeSpan.FromSeconds(1) };

    [Fact]
    public async Task The_header_keeps_the_fence_and_what_became_of_the_email_and_nothing_of_the_stores()
    {
        await StoreAndDeliverAsync(30);
        StoredRecord before = Header();

        DeleteDayResult result = await DeleteAsync();

        StoredRecord after = Header();
        Assert.Equal((DeleteDayOutcome.Deleted, 30), (result.Outcome, result.ItemsDeleted));
        Assert.Equal(("deleted", "STATUS#daily#deleted", "delivered"), (after.Text(N.Status), after.Text(N.StatusIndexPk), after.Text(N.PreviousStatus)));
        Assert.Equal(before.Number(N.Fence) + 1, after.Number(N.Fence));
        Assert.Equal(before.Text(N.DeliveredAt), after.Text(N.DeliveredAt));
        Assert.All(
            new[] { N.LastRunId, N.IdRules, N.NextOrdinal, N.StoredAt, N.LastStoreStatus, N.CorrelationId, N.Runs, N.Inserted, N.LeaseUntil, N.Checkpoint, N.LastError },
            name => Assert.True(after.Text(name) is null && after.Number(name) is null, name));
        Assert.Equal([RecordKeys.Header], Keys());
    }

    // Whatever request the process dies at, the next deletion ends the work, and what was sent stays known.
    [Fact]
    public async Task A_deletion_that_crashed_at_any_request_is_taken_up_again()
    {
        for (int crashAt = 1; ; crashAt++)
        {
            _table.Storage.Clear();
            await StoreAndDeliverAsync(60);
            int requests = 0;
            bool crashes = true;
            int last = crashAt;
            Crash(() => crashes && ++requests >= last);

            DeleteDayResult? first = await Record(() => DeleteAsync());
            crashes = false;
            if (first is { Outcome: DeleteDayOutcome.Deleted })
            {
                Assert.Equal(9, requests);
                return;
            }

            // The lease of the crashed deletion still lives, unless it ended before it took one.
            DeleteDayResult second = await DeleteAsync();
            if (second.Outcome == DeleteDayOutcome.HeldByAnother)
            {
                Assert.InRange(second.RetryAfter, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(2.5));
                Assert.Equal(DeliveryLeaseOutcome.Deleted, (await Repository().AcquireAsync(Some.Date, cancellationToken: TestContext.Current.CancellationToken)).Outcome);
                _clock.Advance(PastLease);
                second = await DeleteAsync();
            }

            Assert.True(second.Outcome is DeleteDayOutcome.Deleted or DeleteDayOutcome.NothingStored, $"crash at request {crashAt}: {second}");
            Assert.Equal([RecordKeys.Header], Keys());
            Assert.Equal("deleted", Header().Text(N.Status));
            Assert.Equal(60, (await Repository().FindSentAsync(Some.Date.AddDays(1), [.. Some.Items(60).Select(static item => item.Url)], 5, TestContext.Current.CancellationToken)).Sent.Count);
        }
    }

    // Each update is applied, and its answer is lost.
    [Fact]
    public async Task Updates_whose_answers_are_lost_are_not_made_twice()
    {
        await StoreAndDeliverAsync(30);
        long fence = Header().Number(N.Fence)!.Value;
        var answered = new HashSet<RecordUpdate>(ReferenceEqualityComparer.Instance);
        _table.OnUpdate = update =>
        {
            if (!answered.Add(update))
            {
                return null;
            }

            _ = new InMemoryTable(_table.Storage).UpdateAsync(update, new Attempt(CancellationToken.None));
            return new UpdateReply { Fault = Some.Fault(FaultKind.Unavailable, 500) };
        };

        DeleteDayResult result = await DeleteAsync();

        Assert.Equal((DeleteDayOutcome.Deleted, 30), (result.Outcome, result.ItemsDeleted));
        Assert.Equal((fence + 1, "deleted"), (Header().Number(N.Fence)!.Value, Header().Text(N.Status)));
    }

    // The clock of whoever sent the day was ahead, and its header was lost with the fence.
    [Fact]
    public async Task A_day_whose_manifest_has_a_larger_fence_is_deleted_too()
    {
        await StoreAndDeliverAsync(30);
        long ahead = Header().Number(N.Fence)!.Value + 1_000_000;
        Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue> manifest = _table.Storage.With("digests", RecordKeys.Sent("daily"), static records => records[RecordKeys.Manifest(Some.Date)]);
        manifest[N.Fence] = ItemMapper.Number(ahead);

        DeleteDayResult result = await DeleteAsync();

        manifest = _table.Storage.With("digests", RecordKeys.Sent("daily"), static records => records[RecordKeys.Manifest(Some.Date)]);
        Assert.Equal((DeleteDayOutcome.Deleted, "deleted", ahead + 1), (result.Outcome, Header().Text(N.Status), Header().Number(N.Fence)!.Value));
        Assert.Equal("deleted", manifest[N.State].S);
    }

    [Fact]
    public async Task A_long_deletion_renews_its_lease()
    {
        await StoreAndDeliverAsync(100);
        _table.OnWrite = _ =>
        {
            _clock.Advance(TimeSpan.FromSeconds(45));
            return null;
        };

        DeleteDayResult result = await DeleteAsync(static options => (options.AttemptTimeout, options.Deadline, options.ReadDeadline) = (TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10)));

        Assert.Equal((DeleteDayOutcome.Deleted, 100), (result.Outcome, result.ItemsDeleted));
        Assert.Equal(3, _table.Updates.Count(static update => update.Key.SortKey == RecordKeys.Header && update.Changes is [AttributeChange.Set { Name: N.LeaseUntil }]));
    }

    [Fact]
    public async Task A_deletion_whose_lease_was_taken_over_stops()
    {
        await StoreAndDeliverAsync(100);
        int writes = 0;
        _table.OnWrite = _ =>
        {
            if (writes++ == 0)
            {
                _clock.Advance(TimeSpan.FromMinutes(3));
                Change(static header => header[N.LeaseToken] = ItemMapper.Text("another"));
            }

            return null;
        };

        DeleteDayResult result = await DeleteAsync(static options => (options.AttemptTimeout, options.Deadline, options.ReadDeadline) = (TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10)));

        Assert.Equal((DeleteDayOutcome.HeldByAnother, 25), (result.Outcome, result.ItemsDeleted));
        Assert.Equal("deleting", Header().Text(N.Status));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_day_with_a_record_of_a_newer_version_keeps_everything(bool isHeader)
    {
        await StoreAndDeliverAsync(30);
        string key = isHeader ? RecordKeys.Header : RecordKeys.Item(Some.Id(7));
        _table.Storage.With("digests", Some.Partition.Key, records => records[key][N.Version] = ItemMapper.Number(2));
        _table.Updates.Clear();

        DigestStoreException thrown = await Assert.ThrowsAsync<DigestStoreException>(() => DeleteAsync());

        Assert.Equal(DigestStoreErrorReason.NewerSchema, thrown.Reason);
        Assert.StartsWith("Nothing of 2026-11-21 was deleted, because 1 of its records cannot be read.", thrown.Message, StringComparison.Ordinal);
        Assert.Equal((31, 0), (Keys().Count, _table.Updates.Count));
    }

    [Fact]
    public async Task What_a_store_adds_meanwhile_is_deleted_too()
    {
        await StoreAndDeliverAsync(30);
        bool isAdded = false;
        _table.OnWrite = _ =>
        {
            if (!isAdded)
            {
                isAdded = true;
                Some.Repository(new TableDouble(_table.Storage)).StoreAsync(Some.Date, Some.Items(5, from: 100)).GetAwaiter().GetResult();
            }

            return null;
        };

        DeleteDayResult result = await DeleteAsync();

        Assert.Equal((DeleteDayOutcome.Deleted, 35), (result.Outcome, result.ItemsDeleted));
        Assert.Equal([RecordKeys.Header], Keys());
    }

    // It has read the day before the deletion, and ends after it.
    [Fact]
    public async Task A_store_that_ends_after_the_deletion_begins_the_day_anew()
    {
        await StoreAndDeliverAsync(30);
        bool isDeleted = false;
        var slow = new TableDouble(_table.Storage);
        slow.OnWrite = _ =>
        {
            if (!isDeleted)
            {
                isDeleted = true;
                Assert.Equal(DeleteDayOutcome.Deleted, DeleteAsync().GetAwaiter().GetResult().Outcome);
            }

            return null;
        };

        StoreResult result = await Some.Repository(slow, time: _clock).StoreAsync(Some.Date, Some.Items(5, from: 100), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((StoreStatus.Stored, 5), (result.Status, result.Inserted));
        StoredRecord header = Header();
        Assert.Equal(("pending", 1L, null), (header.Text(N.Status), header.Number(N.Runs), header.Text(N.DeliveredAt)));
        Assert.NotNull(header.Text(N.IdRules));
        Assert.Equal((35L, 6), (header.Number(N.NextOrdinal), Keys().Count));
        Assert.Equal(DeliveryLeaseOutcome.Granted, (await Repository().AcquireAsync(Some.Date, cancellationToken: TestContext.Current.CancellationToken)).Outcome);
    }

    // It writes its items after the deletion has looked for the last time, and ends before the deletion does.
    [Fact]
    public async Task What_a_store_adds_after_the_last_look_is_deleted_too()
    {
        await StoreAndDeliverAsync(30);
        bool isStored = false;
        _table.OnUpdate = update =>
        {
            if (!isStored && update.ValueOf(N.Status)?.Text == "deleted")
            {
                isStored = true;
                Some.Repository(new TableDouble(_table.Storage), time: _clock).StoreAsync(Some.Date, Some.Items(5, from: 100)).GetAwaiter().GetResult();
            }

            return null;
        };

        DeleteDayResult result = await DeleteAsync();

        Assert.Equal((DeleteDayOutcome.Deleted, 35), (result.Outcome, result.ItemsDeleted));
        Assert.Equal([RecordKeys.Header], Keys());
        Assert.Equal("deleted", Header().Text(N.Status));
    }

    [Fact]
    public async Task Stores_that_always_end_before_the_deletion_does_are_not_run_after()
    {
        await StoreAndDeliverAsync(30);
        int stored = 0;
        _table.OnUpdate = update =>
        {
            if (update.ValueOf(N.Status)?.Text == "deleted")
            {
                Some.Repository(new TableDouble(_table.Storage), time: _clock).StoreAsync(Some.Date, Some.Items(5, from: ++stored * 100)).GetAwaiter().GetResult();
            }

            return null;
        };

        Assert.Equal((DeleteDayOutcome.HeldByAnother, 3), ((await DeleteAsync()).Outcome, stored));
        Assert.Equal("deleting", Header().Text(N.Status));
    }

    [Fact]
    public async Task A_store_without_end_is_not_run_after_and_the_next_deletion_ends_the_work()
    {
        await StoreAndDeliverAsync(30);
        int stored = 0;
        _table.OnWrite = _ =>
        {
            Some.Repository(new TableDouble(_table.Storage)).StoreAsync(Some.Date, Some.Items(5, from: ++stored * 100)).GetAwaiter().GetResult();
            return null;
        };

        DeleteDayResult result = await DeleteAsync();
        _table.OnWrite = static _ => null;
        _clock.Advance(result.RetryAfter + TimeSpan.FromSeconds(1));

        Assert.Equal((DeleteDayOutcome.HeldByAnother, PastLease > result.RetryAfter), (result.Outcome, result.RetryAfter > TimeSpan.Zero));
        Assert.Equal((DeleteDayOutcome.Deleted, 5), ((await DeleteAsync()) is var second ? second.Outcome : default, second.ItemsDeleted));
    }

    [Fact]
    public async Task An_email_that_was_sent_just_before_the_lease_is_not_forgotten()
    {
        await Some.Repository(new TableDouble(_table.Storage)).StoreAsync(Some.Date, Some.Items(3), cancellationToken: TestContext.Current.CancellationToken);
        bool isSent = false;
        _table.OnUpdate = _ =>
        {
            if (!isSent)
            {
                isSent = true;
                StoreAndDeliverAsync(3).GetAwaiter().GetResult();
            }

            return null;
        };

        Assert.Equal(DeleteDayOutcome.Deleted, (await DeleteAsync()).Outcome);
        Assert.Equal("deleted", _table.Storage.With("digests", RecordKeys.Sent("daily"), static records => records[RecordKeys.Manifest(Some.Date)][N.State].S));
    }

    [Fact]
    public async Task A_day_that_was_never_sent_needs_no_manifest()
    {
        await Some.Repository(new TableDouble(_table.Storage)).StoreAsync(Some.Date, Some.Items(3), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(3, (await DeleteAsync()).ItemsDeleted);
        Assert.Equal(1, _table.Storage.Count);
    }

    [Fact]
    public async Task A_day_that_lost_its_header_gets_one_that_says_deleted()
    {
        await StoreAndDeliverAsync(3);
        _table.Storage.With("digests", Some.Partition.Key, static records => records.Remove(RecordKeys.Header));

        Assert.Equal((DeleteDayOutcome.Deleted, 3), ((await DeleteAsync()) is var result ? result.Outcome : default, result.ItemsDeleted));
        Assert.Equal("deleted", Header().Text(N.Status));
        Assert.True(Header().Number(N.Fence) > 0);
    }

    [Fact]
    public async Task A_manifest_of_a_newer_version_stays_and_the_day_is_deleted()
    {
        await StoreAndDeliverAsync(3);
        _table.Storage.With("digests", RecordKeys.Sent("daily"), static records => records[RecordKeys.Manifest(Some.Date)][N.Version] = ItemMapper.Number(2));

        Assert.Equal(DeleteDayOutcome.Deleted, (await DeleteAsync()).Outcome);
        Assert.Equal("delivered", _table.Storage.With("digests", RecordKeys.Sent("daily"), static records => records[RecordKeys.Manifest(Some.Date)][N.State].S));
    }

    [Fact]
    public async Task The_ids_of_a_deleted_day_become_those_of_an_earlier_attempt()
    {
        await StoreAndDeliverAsync(3);
        await DeleteAsync();

        using var scope = Some.Scope();
        Manifest manifest = (await new ManifestTable(Some.Gateway(_table, scope), Some.Settings()).ReadAsync(Some.Date)).Manifest!;
        Assert.Equal((ManifestState.Deleted, 0, 3), (manifest.State, manifest.Ids.Count, manifest.PriorIds.Count));
        Assert.Equal(Header().Number(N.Fence), manifest.Fence);
    }

    [Fact]
    public async Task An_error_half_way_says_how_many_items_are_gone_and_what_to_do()
    {
        await StoreAndDeliverAsync(60);
        int writes = 0;
        _table.OnWrite = batch => writes++ == 0 ? null : new WriteReply { Sent = batch.Deletes.Count, Unprocessed = batch.Deletes, Fault = Some.Fault(FaultKind.AccessDenied, 400) };

        DigestStoreException thrown = await Assert.ThrowsAsync<DigestStoreException>(() => DeleteAsync());

        Assert.Equal(DigestStoreErrorReason.AccessDenied, thrown.Reason);
        Assert.EndsWith("25 items of the day are known to be deleted. Delete the day again, after two and a half minutes at most: that deletes what is left.", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deletion_is_audited_like_one()
    {
        await StoreAndDeliverAsync(3);
        var log = new ListLogger();
        using var repository = new DigestRepository(_table.ToSource(), static () => new DigestStoreOptions(), new DigestStoreServices { LoggerFactory = log, TimeProvider = _clock });

        await repository.DeleteDayAsync(Some.Date, TestContext.Current.CancellationToken);

        Dictionary<string, object?> audit = Assert.Single(log.Audits);
        Assert.Equal((402, "delete_day", "2026-11-21", "ok", 3), (audit["EventId"], audit["Operation"], audit["Date"], audit["Outcome"], audit["Items"]));
    }

    private static async Task<DeleteDayResult?> Record(Func<Task<DeleteDayResult>> act)
    {
        try
        {
            return await act();
        }
        catch (DigestStoreException)
        {
            return null;
        }
    }

    // From the given moment on nothing arrives any more.
    private void Crash(Func<bool> isDead)
    {
        TableFault fault = Some.Fault(FaultKind.AccessDenied, 400);
        _table.OnQuery = _ => isDead() ? Task.FromResult(new PageReply { Fault = fault }) : null;
        _table.OnUpdate = _ => isDead() ? new UpdateReply { Fault = fault } : null;
        _table.OnWrite = batch => isDead() ? new WriteReply { Sent = batch.Deletes.Count, Unprocessed = batch.Deletes, Fault = fault } : null;
    }

    private DigestRepository Repository(Action<DigestStoreOptions>? change = null) => Some.Repository(_table, change, _clock);

    private Task<DeleteDayResult> DeleteAsync(Action<DigestStoreOptions>? change = null) => Repository(change).DeleteDayAsync(Some.Date, TestContext.Current.CancellationToken);

    private async Task StoreAndDeliverAsync(int items)
    {
        DigestRepository repository = Some.Repository(new TableDouble(_table.Storage), time: _clock);
        (await repository.StoreAsync(Some.Date, Some.Items(items), cancellationToken: TestContext.Current.CancellationToken)).EnsureStored();
        DeliveryResult result = await repository.DeliverAsync(Some.Date, Some.Items(items), static (_, _) => Task.FromResult(new DeliveryReceipt()), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(DeliveryOutcome.Delivered, result.Outcome);
    }

    private List<string> Keys() => _table.Storage.With("digests", Some.Partition.Key, static records => records.Keys.ToList());

    private StoredRecord Header() => new(new RecordKey(Some.Partition.Key, RecordKeys.Header), _table.Storage.With("digests", Some.Partition.Key, static records => records[RecordKeys.Header]));

    private void Change(Action<Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>> change) => _table.Storage.With("digests", Some.Partition.Key, records =>
    {
        change(records[RecordKeys.Header]);
        return 0;
    });
}
