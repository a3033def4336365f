using DigestStore.Table;

namespace DigestStore.UnitTests.Telemetry;

public sealed class AuditLogTests : IDisposable
{
    private readonly ListLogger _logger = new();
    private readonly TableDouble _table = new();
    private readonly DigestRepository _repository;

    public AuditLogTests()
    {
        DigestStoreOptions options = Some.Options(static options => options.Caller = "configured");
        _repository = new DigestRepository(_table.ToSource(), () => options, new DigestStoreServices { LoggerFactory = _logger, TimeProvider = new FixedClock() });
    }

    public void Dispose()
    {
        _repository.Dispose();
        _logger.Dispose();
    }

    [Fact]
    public async Task A_store_says_who_did_what_when_and_what_became_of_it()
    {
        int writes = 0;
        _table.OnWrite = batch => new WriteReply { Sent = batch.Puts.Count, RequestId = Request(++writes) };

        await _repository.StoreAsync(Some.Date, [.. Some.Items(30), Some.Item(1), Some.Item(2) with { Url = "x" }], new StoreCallOptions { Caller = "nightly", CorrelationId = "call-1" });

        Dictionary<string, object?> audit = Assert.Single(_logger.Audits);
        Assert.Equal(400, audit["EventId"]);
        Assert.Equal("2026-11-21T06:00:00.0000000Z", audit["Time"]);
        Assert.Equal(
            ("store", "daily", "2026-11-21", "digests", "stored", "nightly", "call-1"),
            (audit["Operation"], audit["Digest"], audit["Date"], audit["Table"], audit["Outcome"], audit["Caller"], audit["CorrelationId"]));
        Assert.Equal(
            (32, 30, 0, 0, 1, 1, 0, 0, 0, 4),
            (audit["Received"], audit["Inserted"], audit["Updated"], audit["Unchanged"], audit["Duplicates"], audit["Rejected"], audit["Failed"], audit["Skipped"], audit["DeadLettered"], audit["Requests"]));
        Assert.Equal([Request(1), Request(2)], ((string)audit["AwsRequestIds"]!).Split(',').Order());
    }

    [Fact]
    public async Task Reads_and_deletions_are_audited_too()
    {
        await _repository.StoreAsync(Some.Date, Some.Items(3));
        await _repository.GetAsync(Some.Date);
        await _repository.FindAsync(Some.Date, Some.Id(7));
        await _repository.DeleteAsync(Some.Date, Some.Id(0));

        Assert.Equal(
            [(401, "get", "ok", 3), (401, "find", "ok", 0), (402, "delete", "ok", 1)],
            _logger.Audits.Skip(1).Select(static audit => ((int)audit["EventId"]!, (string)audit["Operation"]!, (string)audit["Outcome"]!, (int)audit["Items"]!)));
        Assert.All(_logger.Audits, static audit => Assert.Equal(("configured", "digests", "2026-11-21"), (audit["Caller"], audit["Table"], audit["Date"])));
        Assert.All(_logger.Audits, static audit => Assert.Matches("^[0-9a-f]{32}$", (string)audit["CorrelationId"]!));
    }

    [Fact]
    public async Task A_failure_is_audited_with_its_reason_and_request()
    {
        _table.OnQuery = static _ => Task.FromResult(new PageReply { Fault = new TableFault(FaultKind.AccessDenied, "AccessDeniedException", 400, Request(1)) });

        await Assert.ThrowsAsync<DigestStoreException>(() => _repository.GetAsync(Some.Date));

        Dictionary<string, object?> audit = Assert.Single(_logger.Audits);
        Assert.Equal(("access_denied", 1, Request(1)), (audit["Outcome"], audit["Requests"], audit["AwsRequestIds"]));
    }

    [Fact]
    public async Task A_canceled_read_is_audited()
    {
        using var caller = new CancellationTokenSource();
        _table.OnQuery = _ =>
        {
            caller.Cancel();
            return new TaskCompletionSource<PageReply>().Task;
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _repository.GetAsync(Some.Date, caller.Token));

        Assert.Equal("canceled", Assert.Single(_logger.Audits)["Outcome"]);
    }

    [Fact]
    public async Task An_id_that_is_none_is_left_out_and_their_number_is_bounded()
    {
        int writes = 0;
        _table.OnWrite = batch => new WriteReply { Sent = batch.Puts.Count, RequestId = ++writes % 2 == 0 ? "forged\r\nline" : Request(writes) };

        await _repository.StoreAsync(Some.Date, Some.Items(25 * 200));

        string[] ids = ((string)Assert.Single(_logger.Audits)["AwsRequestIds"]!).Split(',');
        Assert.Equal(50, ids.Length);
        Assert.All(ids, static id => Assert.StartsWith("REQUEST", id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_store_that_is_switched_off_is_audited_as_such()
    {
        using var repository = new DigestRepository(_table.ToSource(), () => new DigestStoreOptions { Enabled = false }, new DigestStoreServices { LoggerFactory = _logger, TimeProvider = new FixedClock() });

        await repository.StoreAsync(Some.Date, Some.Items(2));

        Dictionary<string, object?> audit = Assert.Single(_logger.Audits);
        Assert.Equal(("disabled", 2, 0), (audit["Outcome"], audit["Skipped"], audit["Requests"]));
    }

    [Fact]
    public async Task A_read_that_is_refused_or_canceled_before_it_began_is_audited()
    {
        using var off = new DigestRepository(_table.ToSource(), () => new DigestStoreOptions { Enabled = false }, new DigestStoreServices { LoggerFactory = _logger, TimeProvider = new FixedClock() });
        using var invalid = new DigestRepository(_table.ToSource(), () => new DigestStoreOptions { TableName = "" }, new DigestStoreServices { LoggerFactory = _logger, TimeProvider = new FixedClock() });
        await Assert.ThrowsAsync<DigestStoreException>(() => off.GetAsync(Some.Date));
        await Assert.ThrowsAsync<DigestStoreException>(() => invalid.FindAsync(Some.Date, Some.Id(0)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _repository.DeleteAsync(Some.Date, Some.Id(0), new CancellationToken(canceled: true)));

        Assert.Equal(
            [("get", "disabled"), ("find", "misconfigured"), ("delete", "canceled")],
            _logger.Audits.Select(static audit => ((string)audit["Operation"]!, (string)audit["Outcome"]!)));
        Assert.All(_logger.Audits, static audit => Assert.Equal((0, "none"), (audit["Requests"], audit["AwsRequestIds"])));
    }

    [Fact]
    public async Task One_event_is_one_line()
    {
        await _repository.StoreAsync(Some.Date, Some.Items(2), new StoreCallOptions { Caller = "a\r\nb\u2028c", CorrelationId = "x\ny" });

        Assert.DoesNotContain((string)Assert.Single(_logger.Audits)["Text"]!, static character => char.IsControl(character) || character is '\u2028' or '\u0085');
    }

    private static string Request(int number) => $"REQUEST{number:D45}";
}
