using Amazon.DynamoDBv2.Model;
using DigestStore.DynamoDb;
using DigestStore.Records;
using DigestStore.Table;
using DigestStore.Testing;
using DigestStore.UnitTests.Telemetry;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.UnitTests.Copying;

// Faults, an end in the middle, and what is refused. Whatever happens, every date of the range is accounted for.
public sealed class CopyFaultTests
{
    private readonly CopyDesk _desk = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Throttling_and_items_that_are_left_over_are_repeated_until_the_day_is_whole()
    {
        using var from = new InMemoryDigestRepository(services: new DigestStoreServices { TimeProvider = _desk.Clock });
        using var to = new InMemoryDigestRepository(services: new DigestStoreServices { TimeProvider = _desk.Clock });
        (await from.StoreAsync(Some.Date, Some.Items(100), cancellationToken: Token)).EnsureStored();
        from.Faults.Throttle(1).Fail(1);
        to.Faults.Throttle(1, InMemoryOperation.Query).Throttle(1, InMemoryOperation.Update).LeaveUnprocessed(0.5, 2);

        DigestCopyResult result = await DigestCopy.RunAsync(from, to, Some.Date, Some.Date, cancellationToken: Token);

        Assert.Equal((1, 100), (result.Copied, result.ItemsCopied));
        Assert.True(result.SourceCost.Retries == 2 && result.TargetCost.Retries >= 3, $"{result.SourceCost} {result.TargetCost}");
        Assert.Equal(100, (await to.GetAsync(Some.Date, Token)).Count);
    }

    // Whatever request the copy dies at, the next one ends the work.
    [Fact]
    public async Task A_copy_that_broke_off_at_any_request_is_ended_by_the_next_one()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(60));
        await CopyDesk.DeliverAsync(_desk.From, Some.Items(60));
        for (int last = 0; ; last++)
        {
            _desk.Target.Storage.Clear();
            int requests = 0;
            bool breaks = true;
            int allowed = last;
            bool IsBroken() => breaks && requests++ >= allowed;
            _desk.Target.OnQuery = _ => IsBroken() ? Task.FromResult(new PageReply { Fault = Some.Fault(FaultKind.AccessDenied, 400) }) : null;
            _desk.Target.OnUpdate = _ => IsBroken() ? new UpdateReply { Fault = Some.Fault(FaultKind.AccessDenied, 400) } : null;
            _desk.Target.OnWrite = batch => IsBroken() ? new WriteReply { Sent = batch.Ids.Count, Fault = Some.Fault(FaultKind.AccessDenied, 400) } : null;

            DigestCopyDay first = await _desk.CopyDayAsync();
            if (first.Outcome == DigestCopyOutcome.Copied)
            {
                Assert.Equal((9, 9), (requests, last));
                return;
            }

            Assert.Equal((DigestCopyOutcome.Failed, DigestStoreErrorReason.AccessDenied), (first.Outcome, first.Error));
            Assert.Contains("Check the role and the key policy.", first.Message, StringComparison.Ordinal);

            // No email goes out a second time meanwhile, once the header or the manifest is there.
            if (CopyDesk.Records(_desk.Target).Count > 0)
            {
                breaks = false;

                // The first fence of a header is made of the time.
                _desk.Clock.Advance(TimeSpan.FromMinutes(1));
                Assert.Equal(DeliveryOutcome.AlreadyDelivered, (await CopyDesk.DeliverAsync(_desk.To, Some.Items(1))).Outcome);
            }

            breaks = false;
            DigestCopyDay second = await _desk.CopyDayAsync();
            Assert.True(second.Outcome is DigestCopyOutcome.Copied or DigestCopyOutcome.AlreadyEqual or DigestCopyOutcome.Kept, $"request {last}: {second}");
            Assert.Equal(60, (await _desk.To.GetAsync(Some.Date, Token)).Count);
            Assert.Equal(DeliveryStatus.Delivered, (await _desk.To.GetDeliveryAsync(Some.Date, Token))!.Status);
        }
    }

    [Fact]
    public async Task An_update_whose_answer_was_lost_is_recognised()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2));
        await CopyDesk.DeliverAsync(_desk.From, Some.Items(2));
        var answered = new HashSet<RecordUpdate>(ReferenceEqualityComparer.Instance);
        var applied = new InMemoryTable(_desk.Target.Storage);
        _desk.Target.OnUpdate = update =>
        {
            if (!answered.Add(update))
            {
                return null;
            }

            Assert.Null(applied.UpdateAsync(update, new Attempt(CancellationToken.None)).Result.Fault);
            return new UpdateReply { Fault = Some.Fault(FaultKind.TimedOut) };
        };

        Assert.Equal(DigestCopyOutcome.Copied, (await _desk.CopyDayAsync()).Outcome);
        _desk.AssertEqual();
    }

    [Fact]
    public async Task A_header_that_changes_between_its_read_and_its_write_stays_as_it_is()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2));
        await CopyDesk.StoreAsync(_desk.To, Some.Items(1));
        _desk.Clock.Advance(TimeSpan.FromMinutes(1));
        await CopyDesk.StoreAsync(_desk.From, Some.Items(1, from: 3));
        bool isFirst = true;
        _desk.Target.OnUpdate = _ =>
        {
            if (isFirst)
            {
                isFirst = false;
                Assert.True(_desk.To.AcquireAsync(Some.Date, cancellationToken: Token).Result.MaySend);
            }

            return null;
        };

        DigestCopyDay day = await _desk.CopyDayAsync();

        Assert.Equal((DigestCopyOutcome.Failed, DigestStoreErrorReason.NotStored, 0), (day.Outcome, day.Error, day.ItemsCopied));
        Assert.Equal("A record has changed between its read and its write. Another program may be writing 2026-11-21 in table 'digests'. Copy the day again when nothing else does.", day.Message);
        Assert.Equal(DeliveryStatus.Sending, (await _desk.To.GetDeliveryAsync(Some.Date, Token))!.Status);
        Assert.Equal((DigestCopyOutcome.Kept, DigestCopyKept.Held), (await _desk.CopyDayAsync()) is var again ? (again.Outcome, again.KeptBecause) : default);
    }

    [Fact]
    public async Task A_target_that_acknowledges_what_it_does_not_keep_is_found_out()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(30));
        _desk.Target.OnWrite = static batch => batch.Puts.Count < 25 ? new WriteReply { Sent = batch.Ids.Count } : null;

        DigestCopyDay day = await _desk.CopyDayAsync();

        Assert.Equal((DigestCopyOutcome.Failed, DigestStoreErrorReason.NotStored), (day.Outcome, day.Error));
        Assert.StartsWith("The target, read back, does not have what was copied.", day.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_canceled_copy_says_how_many_dates_are_left_and_the_next_one_goes_on()
    {
        foreach (int day in Enumerable.Range(0, 6))
        {
            await CopyDesk.StoreAsync(_desk.From, Some.Items(30), day);
        }

        using var canceled = CancellationTokenSource.CreateLinkedTokenSource(Token);
        _desk.Target.OnWrite = batch =>
        {
            if (batch.Partition.Date == Some.Date.AddDays(2))
            {
                canceled.Cancel();
            }

            return null;
        };

        DigestCopyResult first = await _desk.CopyAsync(days: 6, cancellationToken: canceled.Token);

        Assert.Equal((2, 4, 0, false), (first.Copied, first.DatesLeft, first.DatesWithoutRecords, first.IsComplete));
        _desk.Target.OnWrite = static _ => null;
        DigestCopyResult second = await _desk.CopyAsync(days: 6);
        Assert.Equal((2, 4, 0, true), (second.AlreadyEqual, second.Copied, second.DatesLeft, second.IsComplete));
        _desk.AssertEqual(days: 6);
    }

    [Fact]
    public async Task A_copy_that_is_canceled_before_it_begins_makes_no_request()
    {
        DigestCopyResult result = await _desk.CopyAsync(days: 6, cancellationToken: new CancellationToken(canceled: true));

        Assert.Equal((6, 0, 0), (result.DatesLeft, result.Days.Count, _desk.Source.Requests));
    }

    [Fact]
    public async Task A_day_that_fails_does_not_keep_the_others_from_being_copied()
    {
        foreach (int day in Enumerable.Range(0, 4))
        {
            await CopyDesk.StoreAsync(_desk.From, Some.Items(1), day);
        }

        _desk.Source.OnQuery = static request => request.PartitionKey.EndsWith("2026-11-22", StringComparison.Ordinal) ? Task.FromResult(new PageReply { Fault = Some.Fault(FaultKind.InvalidResponse) }) : null;

        DigestCopyResult result = await _desk.CopyAsync(days: 4);

        Assert.Equal([DigestCopyOutcome.Copied, DigestCopyOutcome.Failed, DigestCopyOutcome.Copied, DigestCopyOutcome.Copied], result.Days.Select(static day => day.Outcome));
        Assert.Equal((DigestStoreErrorReason.InvalidResponse, 0, false), (result.Days[1].Error, result.DatesLeft, result.IsComplete));
    }

    [Fact]
    public async Task Three_days_in_a_row_that_a_table_fails_end_the_copy()
    {
        _desk.Source.OnQuery = static _ => Task.FromResult(new PageReply { Fault = Some.Fault(FaultKind.TableNotFound, 400) });

        DigestCopyResult result = await _desk.CopyAsync(days: 100);

        Assert.Equal((3, 97, 0), (result.Failed, result.DatesLeft, result.DatesWithoutRecords));
        Assert.All(result.Days, static day => Assert.Equal(DigestStoreErrorReason.TableNotFound, day.Error));
        Assert.Equal(3, result.SourceCost.Requests);
    }

    [Fact]
    public async Task A_store_that_is_disposed_of_meanwhile_fails_the_rest()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(1));
        _desk.Target.OnQuery = _ =>
        {
            _desk.To.Dispose();
            return null;
        };

        DigestCopyDay day = await _desk.CopyDayAsync();

        Assert.Equal((DigestCopyOutcome.Failed, DigestStoreErrorReason.Disposed), (day.Outcome, day.Error));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _desk.CopyAsync());
    }

    [Fact]
    public async Task Progress_is_told_after_each_date_and_its_exceptions_are_ignored()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2), day: 1);
        var told = new List<(int Done, int Dates, DateOnly Date, DigestCopyOutcome? Outcome)>();
        var progress = new Told(step =>
        {
            told.Add((step.DatesDone, step.Dates, step.Date, step.Day?.Outcome));
            throw new InvalidTimeZoneException();
        });

        DigestCopyResult result = await _desk.CopyAsync(days: 2, new DigestCopyOptions { Progress = progress });

        Assert.Equal(1, result.Copied);
        Assert.Equal([(1, 2, Some.Date, null), (2, 2, Some.Date.AddDays(1), DigestCopyOutcome.Copied)], told);
    }

    [Fact]
    public async Task A_copy_is_logged_and_each_side_of_a_day_is_audited()
    {
        using var logger = new ListLogger(least: Microsoft.Extensions.Logging.LogLevel.Information);
        using var from = new InMemoryDigestRepository(services: new DigestStoreServices { LoggerFactory = logger });
        using var to = new InMemoryDigestRepository(new DigestStoreOptions { TableName = "other", Caller = "mover" }, services: new DigestStoreServices { LoggerFactory = logger });
        await from.StoreAsync(Some.Date, Some.Items(2), cancellationToken: Token);
        logger.Messages.Clear();
        logger.Audits.Clear();

        await DigestCopy.RunAsync(from, to, Some.Date, Some.Date, cancellationToken: Token);
        to.Faults.Deny();
        await DigestCopy.RunAsync(from, to, Some.Date, Some.Date, cancellationToken: Token);

        Assert.Equal([700, 200, 701], logger.Messages.Select(static message => message.Id));
        string[] messages = [.. logger.Messages.Select(static message => message.Message)];
        Assert.StartsWith("Copied digest daily of 2026-11-21 from table digests to table other: 1 days copied, 0 already equal, 0 kept, 0 different, 0 failed, 0 dates left; 2 items. 8 requests, ", messages[0], StringComparison.Ordinal);
        Assert.Contains("in part: 0 days copied, 0 already equal, 0 kept, 0 different, 1 failed, 0 dates left; 0 items. ", messages[2], StringComparison.Ordinal);
        Assert.Equal(
            [(404, "copy_from", "ok", 2), (404, "copy_to", "ok", 2), (404, "copy_from", "ok", 2), (404, "copy_to", "access_denied", 0)],
            logger.Audits.Select(static audit => ((int)audit["EventId"]!, (string)audit["Operation"]!, (string)audit["Outcome"]!, (int)audit["Items"]!)));
        Assert.Equal("mover", logger.Audits.ElementAt(1)["Caller"]);
    }

    [Fact]
    public async Task What_cannot_be_meant_is_refused_with_the_remedy()
    {
        var storage = new InMemoryDigestStorage();
        using var one = new InMemoryDigestRepository(storage: storage);
        using var same = new InMemoryDigestRepository(storage: storage);
        using var other = new InMemoryDigestRepository(new DigestStoreOptions { TableName = "other" }, storage);
        using var weekly = new InMemoryDigestRepository(new DigestStoreOptions { DigestName = "weekly" });
        using var off = new InMemoryDigestRepository(new DigestStoreOptions { Enabled = false });

        Assert.Equal("The source and the target are the same table, 'digests'. Give the target another place or another TableName. (Parameter 'to')", await RefusalAsync(one, same));
        Assert.Contains("are the same table", await RefusalAsync(one, one), StringComparison.Ordinal);
        Assert.StartsWith("The source has the digest name 'daily' and the target 'weekly'", await RefusalAsync(one, weekly), StringComparison.Ordinal);
        Assert.StartsWith("A NotOurs is no repository of DigestStore, so its records cannot be reached.", await RefusalAsync(one, new NotOurs()), StringComparison.Ordinal);
        Assert.StartsWith("The range begins on 2026-11-21 and ends on 2026-11-20", (await Assert.ThrowsAsync<ArgumentException>(() => DigestCopy.RunAsync(one, other, Some.Date, Some.Date.AddDays(-1), cancellationToken: Token))).Message, StringComparison.Ordinal);
        Assert.Equal("to", (await Assert.ThrowsAsync<ArgumentNullException>(() => DigestCopy.RunAsync(one, null!, Some.Date, Some.Date, cancellationToken: Token))).ParamName);
        Assert.Equal(DigestStoreErrorReason.Disabled, (await Assert.ThrowsAsync<DigestStoreException>(() => DigestCopy.RunAsync(one, off, Some.Date, Some.Date, cancellationToken: Token))).Reason);
        Assert.True((await DigestCopy.RunAsync(one, other, Some.Date, Some.Date, cancellationToken: Token)).IsComplete);
    }

    [Theory]
    [InlineData("http://localhost:8000", "http://localhost:8000/", true)]
    [InlineData("http://localhost:8000", "http://localhost:8001", false)]
    public async Task Two_clients_of_one_address_have_the_same_table(string one, string other, bool isSame)
    {
        using var from = new DigestRepository(new OwnClientSource(), () => new DigestStoreOptions { ServiceUrl = one });
        using var client = new Amazon.DynamoDBv2.AmazonDynamoDBClient(new Amazon.Runtime.BasicAWSCredentials("x", "x"), new Amazon.DynamoDBv2.AmazonDynamoDBConfig { ServiceURL = other });
        using var to = new DigestRepository(client, new DigestStoreOptions());

        Exception? refused = await Record.ExceptionAsync(() => DigestCopy.RunAsync(from, to, Some.Date, Some.Date, cancellationToken: new CancellationToken(canceled: true)));

        Assert.Equal(isSame, refused is ArgumentException);
    }

    [Fact]
    public async Task A_header_of_the_target_is_written_only_as_it_was_seen()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(1));

        await _desk.CopyAsync();

        RecordUpdate update = Assert.Single(_desk.Target.Updates);
        Assert.Equal(new RecordCondition.Absent(N.Pk), update.Condition);
    }

    // No condition can compare these values, so they must not make every condition false.
    [Fact]
    public async Task A_header_with_an_empty_text_and_a_number_that_is_not_whole_can_be_written()
    {
        await CopyDesk.StoreAsync(_desk.To, Some.Items(1));
        CopyDesk.Put(_desk.Target, "HEADER", N.LastRunId, new AttributeValue { S = "" });
        CopyDesk.Put(_desk.Target, "HEADER", N.Runs, new AttributeValue { N = "1.5" });
        _desk.Clock.Advance(TimeSpan.FromMinutes(1));
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2));

        Assert.Equal(DigestCopyOutcome.Copied, (await _desk.CopyDayAsync()).Outcome);
        Assert.Equal(1, CopyDesk.Header(_desk.Target).Number(N.Runs));
    }

    [Fact]
    public async Task A_day_that_is_taken_at_the_target_while_its_items_are_written_is_told_as_it_was_read_last()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2));
        _desk.Target.OnWrite = _ =>
        {
            Assert.True(_desk.To.AcquireAsync(Some.Date, cancellationToken: Token).Result.MaySend);
            return null;
        };

        DigestCopyDay day = await _desk.CopyDayAsync();

        Assert.Equal((DigestCopyOutcome.Kept, DigestCopyKept.Held, DeliveryStatus.Sending, 2), (day.Outcome, day.KeptBecause, day.Status, day.ItemsCopied));
    }

    private static async Task<string> RefusalAsync(IDigestRepository from, IDigestRepository to) =>
        (await Assert.ThrowsAsync<ArgumentException>(() => DigestCopy.RunAsync(from, to, Some.Date, Some.Date, cancellationToken: Token))).Message;

    private sealed class Told(Action<DigestCopyProgress> tell) : IProgress<DigestCopyProgress>
    {
        public void Report(DigestCopyProgress value) => tell(value);
    }

    private sealed class NotOurs : IDigestRepository
    {
        public Task<StoreResult> StoreAsync(DateOnly date, IEnumerable<DigestItem> items, StoreCallOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<StoreResult> StoreAsync(DateOnly date, IAsyncEnumerable<DigestItem> items, StoreCallOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<Digest> GetAsync(DateOnly date, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public IAsyncEnumerable<StoredDigestItem> ReadAsync(DateOnly date, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<StoredDigestItem?> FindAsync(DateOnly date, string url, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<StoredDigestItem?> FindAsync(DateOnly date, DigestItemId id, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<bool> DeleteAsync(DateOnly date, string url, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<bool> DeleteAsync(DateOnly date, DigestItemId id, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
