using DigestStore.Calls;
using DigestStore.Records;
using DigestStore.Table;
using DigestStore.Telemetry;
using Microsoft.Extensions.Logging;

namespace DigestStore.UnitTests.Telemetry;

public sealed class StoreLogTests : IDisposable
{
    private const string Secret = "s3cret";

    private static readonly string[] Hostile =
    [
        Secret, $"{Secret}\r\nERROR forged line", $"\u001b[31m{Secret}", $"{{0}}{{Status}}{Secret}", $"%s%n{Secret}", $"\u2028{Secret}\u0085", $"<script>{Secret}</script>",
        $"${{jndi:ldap://{Secret}}}", $"\u202e{Secret}",
    ];

    private readonly ListLogger _logger = new();
    private readonly TableDouble _table = new();

    public void Dispose() => _logger.Dispose();

    [Fact]
    public async Task A_store_is_one_entry()
    {
        DigestRepository repository = Repository(_logger);

        await repository.StoreAsync(Some.Date, Some.Items(30), new StoreCallOptions { CorrelationId = "call-1" });
        await repository.StoreAsync(Some.Date, [Some.Item() with { Title = "" }, Some.Item(1)]);
        await repository.StoreAsync(Some.Date, Some.Stream([]));

        Assert.Equal([100, 100, 100], _logger.Ids);
        Assert.StartsWith(
            "Stored digest daily of 2026-11-21 in table digests: Stored. 30 received: 30 inserted, 0 updated, 0 unchanged, 0 duplicates, 0 rejected, 0 failed, 0 skipped. 4 requests, 0 retries (none), 31 write and 1 read units,",
            _logger.Entries.First().Text,
            StringComparison.Ordinal);
        Assert.All(_logger.Entries, static entry => Assert.Equal(LogLevel.Information, entry.Level));
        Assert.Contains(" ms. Quality: 0 % complete; rejected: TitleMissing 1.", _logger.Entries.ElementAt(1).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_leaves_something_out_is_a_warning_with_its_main_problem()
    {
        _table.OnWrite = static batch => new WriteReply { Sent = batch.Puts.Count, Fault = Some.Fault(FaultKind.Unreachable) };

        await Repository(_logger).StoreAsync(Some.Date, [Some.Item() with { Title = "" }, Some.Item(1)]);
        await Repository(_logger).StoreAsync(Some.Date, [Some.Item() with { Title = "" }]);

        Assert.Equal([101, 101], _logger.Ids);
        Assert.Contains(" retries (unreachable 2), ", _logger.Entries.First().Text, StringComparison.Ordinal);
        Assert.Contains("Main problem: Unavailable: ", _logger.Entries.First().Text, StringComparison.Ordinal);
        Assert.Contains("No connection to DynamoDB came about. Check ServiceUrl or Region, the network and its DNS. UnreachableException on BatchWriteItem.", _logger.Entries.First().Text, StringComparison.Ordinal);
        Assert.Contains("Main problem: TitleMissing: ", _logger.Entries.Last().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_of_an_item_is_ever_logged()
    {
        DigestRepository repository = Repository(_logger);
        List<DigestItem> items =
        [
            .. Hostile.SelectMany(static text => new DigestItem[]
            {
                new() { Url = "https://example.com/?token=" + Uri.EscapeDataString(text), Title = text, Summary = text, Source = text, Tags = [text] },
                new() { Url = text, Title = text },
                new() { Url = $"https://{Secret}:{Secret}@example.com/", Title = text },
                new() { Url = "https://example.com/" + Secret, Title = text + "\ud83d" },
            }),
        ];

        StoreResult result = await repository.StoreAsync(Some.Date, items);
        _table.OnWrite = static batch => new WriteReply { Sent = batch.Puts.Count, Fault = Some.Fault(FaultKind.Invalid, 400) };
        StoreResult refused = await repository.StoreAsync(Some.Date, items.Select(static item => item with { Summary = Secret }));
        _table.OnQuery = static _ => throw new InvalidTimeZoneException(Secret);
        await Assert.ThrowsAsync<DigestStoreException>(() => repository.GetAsync(Some.Date));

        Assert.Equal([100, 101, 200], _logger.Ids);
        Assert.All(_logger.Entries, static entry => Assert.DoesNotContain(Secret, entry.Text, StringComparison.OrdinalIgnoreCase));
        Assert.All(_logger.Entries, static entry => Assert.DoesNotContain("example.com", entry.Text, StringComparison.OrdinalIgnoreCase));
        Assert.All(result.Problems.Concat(refused.Problems), static problem => Assert.DoesNotContain(Secret, problem.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_progress_callback_that_throws_is_told_once_a_call_and_without_its_message()
    {
        // A clock that stands still: the last report is waited for, however slow this machine is.
        DigestRepository repository = Repository(_logger, new FixedClock());
        var progress = new Throwing();

        await repository.StoreAsync(Some.Date, Some.Items(300), new StoreCallOptions { Progress = progress, CorrelationId = "call-1" });
        await repository.StoreAsync(Some.Date, Some.Items(300, 300), new StoreCallOptions { Progress = progress, CorrelationId = "call-2" });

        Assert.Equal([125, 100, 125, 100], _logger.Ids);
        Assert.StartsWith(
            "The progress callback of a store of digest daily of 2026-11-21 failed with InvalidTimeZoneException. The store is unharmed; more failures of it in this call are not logged. Correlation call-1",
            _logger.Entries.First().Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_entry_is_one_line()
    {
        await Repository(_logger).StoreAsync(Some.Date, Some.Items(3), new StoreCallOptions { CorrelationId = "a\r\nb\u001b[31m\u2028c\u0085d" });

        Assert.Equal(-1, Assert.Single(_logger.Entries).Text.AsSpan().IndexOfAny("\r\n\u001b\u2028\u0085"));
    }

    [Fact]
    public async Task A_logger_that_throws_harms_nothing()
    {
        using DigestRepository repository = Repository(new ListLogger(throws: true));

        StoreResult stored = await repository.StoreAsync(Some.Date, Some.Items(30));
        StoreResult incomplete = await repository.StoreAsync(Some.Date, [null!]);
        _table.Storage.With("digests", Some.Partition.Key, static records => records["NOTE"] = new() { ["pk"] = ItemMapper.Text(Some.Partition.Key), ["sk"] = ItemMapper.Text("NOTE") });

        Assert.Equal((30, 1), (stored.Inserted, incomplete.Rejected));
        Assert.Equal(1, (await repository.GetAsync(Some.Date)).Unreadable);
        _table.OnQuery = static _ => Task.FromResult(new PageReply { Fault = Some.Fault(FaultKind.AccessDenied, 400) });
        await Assert.ThrowsAsync<DigestStoreException>(() => repository.GetAsync(Some.Date));
    }

    [Fact]
    public void Every_verb_is_guarded()
    {
        var log = new StoreLog(new ListLogger(throws: true));

        using CallScope scope = Some.Scope();
        var names = new CallNames(null, null);
        log.StoreDone(StoreCallTelemetry.Store, Some.Partition, scope, StoreResult.Create([]), names);
        log.StoreDone(StoreCallTelemetry.Replay, Some.Partition, scope, StoreResult.Create([DigestItemOutcome.Failed]), names);
        log.StoreBroke(Some.Partition, new InvalidTimeZoneException(), "");
        log.ReadFailed("Query", Some.Partition, DigestStoreErrorReason.Timeout, "Try again.", Some.Fault(FaultKind.TimedOut), 1, names);
        log.Unreadable(Some.Partition, 1);
        log.InvalidOptions("x", lastGoodKept: true);
        log.RiskyClient(1, 1, true);
        log.FileMisplaced("digests.db", "x");
        log.ProgressFailed(Some.Partition, new InvalidTimeZoneException(), "");
    }

    private sealed class Throwing : IProgress<StoreProgress>
    {
        public void Report(StoreProgress value) => throw new InvalidTimeZoneException(Secret);
    }

    private DigestRepository Repository(ListLogger logger, FixedClock? clock = null) =>
        new(_table.ToSource(), static () => new DigestStoreOptions(), new DigestStoreServices { LoggerFactory = logger, TimeProvider = clock ?? new FixedClock { Hurry = TimeSpan.FromSeconds(2) } });
}
