using System.Diagnostics;
using DigestStore.Table;
using DigestStore.UnitTests.Telemetry;

namespace DigestStore.UnitTests.DeadLetters;

// Replays that are cancelled, fail or lose their repository.
public sealed class EndedReplayTests : IDisposable
{
    private readonly ReplayDesk _desk = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _desk.Dispose();

    [Fact]
    public async Task A_replay_that_is_cancelled_tells_what_it_has_done()
    {
        _desk.Put("a.jsonl", Letters.Line(_desk.Letter("first")));
        _desk.Put("b.jsonl", Letters.Line(_desk.Letter("second") with { Item = Some.Item(1) }));
        var log = new ListLogger();
        using var canceling = new CancellationTokenSource();
        using DigestRepository repository = _desk.Repository();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new DeadLetterReplay(repository, _desk.Sink, log).RunAsync(new Canceler(canceling), canceling.Token));

        Assert.Equal([124], log.Ids);
        Assert.Single(_desk.LettersLeft());
    }

    [Fact]
    public async Task A_token_that_fires_when_everything_is_stored_changes_nothing()
    {
        _desk.Put("a.jsonl", Letters.Line(_desk.Letter("letter")));
        using var canceling = new CancellationTokenSource();
        using DigestRepository repository = _desk.Repository();

        DeadLetterReplayResult result = await new DeadLetterReplay(repository, _desk.Sink).RunAsync(new Canceler(canceling), canceling.Token);

        Assert.Equal(new DeadLetterReplayResult { Letters = 1, Stored = 1 }, result);
    }

    [Fact]
    public async Task A_token_that_fires_while_a_letter_is_kept_ends_the_replay()
    {
        _desk.Put("a.jsonl", Letters.Line(_desk.Letter("letter")));
        _desk.Table.OnWrite = static _ => new WriteReply { Sent = 1, Fault = new TableFault(FaultKind.Throttled) };
        using var canceling = new CancellationTokenSource();
        using DigestRepository repository = _desk.Repository();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _desk.Time.RunAsync(() => new DeadLetterReplay(repository, _desk.Sink).RunAsync(new Canceler(canceling), canceling.Token)));
    }

    [Fact]
    public async Task A_token_that_fires_while_one_letter_is_kept_beside_a_stored_one_ends_the_replay()
    {
        _desk.Put("a.jsonl", Letters.Line(_desk.Letter("stored") with { Item = Some.Item(1) }), Letters.Line(_desk.Letter("kept")));
        _desk.Table.OnWrite = static batch => batch.Puts.Any(static put => put.Id == Some.Id(1)) ? null : new WriteReply { Sent = 1, Fault = new TableFault(FaultKind.Throttled) };
        using var canceling = new CancellationTokenSource();
        using DigestRepository repository = _desk.Repository();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _desk.Time.RunAsync(() => new DeadLetterReplay(repository, _desk.Sink).RunAsync(new Canceler(canceling), canceling.Token)));

        Assert.Equal("kept", Assert.Single(_desk.LettersLeft()).Item!.Title);
    }

    [Fact]
    public async Task A_display_that_throws_harms_no_letter()
    {
        _desk.Put("a.jsonl", Letters.Line(_desk.Letter("letter")));
        using DigestRepository repository = _desk.Repository();

        DeadLetterReplayResult result = await new DeadLetterReplay(repository, _desk.Sink).RunAsync(new Thrower(), Token);

        Assert.Equal(new DeadLetterReplayResult { Letters = 1, Stored = 1 }, result);
    }

    [Fact]
    public async Task Lines_that_are_no_letters_are_told_with_their_number()
    {
        _desk.Put("a.jsonl", "no letter", "none either");
        var log = new ListLogger();
        var sink = new FileDeadLetterSink(new FileDeadLetterOptions { Directory = Path.GetDirectoryName(_desk.Files)! }, log, _desk.Time);
        using DigestRepository repository = _desk.Repository();

        await new DeadLetterReplay(repository, sink).RunAsync(cancellationToken: Token);

        Assert.StartsWith("2 lines of dead-letter files", Assert.Single(log.Entries).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no letter")]
    [InlineData(null)]
    public async Task A_rewrite_that_fails_leaves_no_second_copy_of_the_unreadable_lines(string? unreadable)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "No other process can shorten a locked file there.");
        string[] lines = [.. unreadable is null ? (string[])[] : [unreadable], Letters.Line(_desk.Letter("own")), Letters.Line(_desk.Letter("foreign") with { Digest = "other" })];
        string file = _desk.Put("a.jsonl", lines);
        _desk.Table.OnWrite = _ =>
        {
            using Process shortening = Process.Start("truncate", ["-s", "20", file]);
            shortening.WaitForExit();
            return null;
        };
        var log = new ListLogger();
        using DigestRepository repository = _desk.Repository();

        await Assert.ThrowsAsync<EndOfStreamException>(() => new DeadLetterReplay(repository, _desk.Sink, log).RunAsync(cancellationToken: Token));

        Assert.Equal([file], Directory.GetFiles(_desk.Files));
        Assert.Equal([124], log.Ids);
    }

    [Fact]
    public async Task A_repository_that_is_disposed_in_the_last_day_of_a_replay_ends_it_and_the_letters_stay()
    {
        _desk.Put("a.jsonl", Letters.Line(_desk.Letter("letter")));
        DigestRepository repository = _desk.Repository();
        _desk.Table.OnWrite = _ =>
        {
            repository.Dispose();
            return new WriteReply { Sent = 1, Fault = new TableFault(FaultKind.Throttled) };
        };

        await Assert.ThrowsAsync<ObjectDisposedException>(() => _desk.Time.RunAsync(() => new DeadLetterReplay(repository, _desk.Sink).RunAsync(cancellationToken: Token)));

        Assert.Single(_desk.LettersLeft());
    }

    // The newest letter is in another replay's hands, so the older one waits, and no store is asked any more.
    [Fact]
    public async Task A_repository_that_is_disposed_while_a_letter_waits_ends_the_replay()
    {
        string newest = _desk.Put("a.jsonl", Letters.Line(_desk.Letter("newest")));
        _desk.Put("b.jsonl", Letters.Line(_desk.Letter("waiting") with { StoreStartedAt = _desk.Time.GetUtcNow().AddHours(-1) }));
        DigestRepository repository = _desk.Repository();
        using var other = new FileStream(newest, FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => new DeadLetterReplay(repository, _desk.Sink).RunAsync(new Disposer(repository), Token));
    }

    [Fact]
    public async Task A_token_that_fires_between_two_days_leaves_the_letters_of_the_second_as_they_are()
    {
        DeadLetter second = _desk.Letter("second") with { Item = Some.Item(1), Date = Some.Date.AddDays(1) };
        _desk.Put("a.jsonl", Letters.Line(_desk.Letter("first")), Letters.Line(second));
        using var canceling = new CancellationTokenSource();
        using DigestRepository repository = _desk.Repository();
        _desk.Table.OnWrite = _ =>
        {
            canceling.Cancel();
            return null;
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _desk.Time.RunAsync(() => new DeadLetterReplay(repository, _desk.Sink).RunAsync(cancellationToken: canceling.Token)));

        DeadLetter left = Assert.Single(_desk.LettersLeft(), static letter => letter.Date != Some.Date);
        Assert.Equal((0, second.Reason), (left.Attempts, left.Reason));
    }

    private sealed class Disposer(DigestRepository repository) : IProgress<DeadLetterReplayResult>
    {
        public void Report(DeadLetterReplayResult value) => repository.Dispose();
    }

    private sealed class Thrower : IProgress<DeadLetterReplayResult>
    {
        public void Report(DeadLetterReplayResult value) => throw new InvalidTimeZoneException();
    }

    private sealed class Canceler(CancellationTokenSource source) : IProgress<DeadLetterReplayResult>
    {
        public void Report(DeadLetterReplayResult value) => source.Cancel();
    }
}
