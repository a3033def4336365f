using System.Diagnostics;
using DigestStore.DeadLetters;

namespace DigestStore.UnitTests.DeadLetters;

// The letters of another digest in the same directory cost a replay little, and are not kept from their own.
public sealed class ForeignLettersTests : IDisposable
{
    private readonly ReplayDesk _desk = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _desk.Dispose();

    [Fact]
    public async Task A_file_of_another_digest_is_read_while_that_digests_replay_has_it()
    {
        string file = _desk.Put("weekly.jsonl", Lines(20_000, "weekly"));
        _desk.Put("daily.jsonl", Lines(1, "daily"));
        using var other = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        Assert.Equal(new DeadLetterReplayResult { Letters = 1, Stored = 1, Foreign = 20_000 }, await _desk.ReplayAsync());
        Assert.Equal([file], Directory.GetFiles(_desk.Files));
    }

    [Fact]
    public void Looking_into_a_file_takes_no_lock()
    {
        string file = _desk.Put("weekly.jsonl", Lines(1, "weekly"));
        using FileStream? read = LetterFile.Open(file, out bool isDenied);

        using FileStream? claim = LetterFile.Claim(file, out _);

        Assert.NotNull(read);
        Assert.False(isDenied);
        Assert.True(claim is not null || OperatingSystem.IsWindows());
    }

    [Fact]
    public async Task The_replays_of_two_digests_at_once_each_store_their_own()
    {
        _desk.Put("weekly.jsonl", Lines(2_000, "weekly"));
        _desk.Put("daily.jsonl", Lines(2_000, "daily"));

        DeadLetterReplayResult[] results = await Task.WhenAll(((string[])["daily", "weekly"]).Select(async digest =>
        {
            var options = new DigestStoreOptions { DigestName = digest };
            using var repository = new DigestRepository(_desk.Table.ToSource(), () => options);
            return await new DeadLetterReplay(repository, _desk.Sink).RunAsync(cancellationToken: Token);
        }));

        Assert.All(results, static result => Assert.Equal((2_000, 2_000), (result.Letters, result.Stored)));
        Assert.Empty(Directory.GetFiles(_desk.Files));
    }

    // Work that grows with the square took 7.8 s for 20,000 letters, so more than 3 minutes for these; it takes about 1 s.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Many_letters_of_another_digest_cost_no_more_than_to_read_and_write_them(int own)
    {
        _desk.Put("many.jsonl", [.. Lines(100_000, "weekly"), .. Lines(own, "daily")]);
        long started = Stopwatch.GetTimestamp();

        Assert.Equal(new DeadLetterReplayResult { Letters = own, Stored = own, Foreign = 100_000 }, await _desk.ReplayAsync());

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.Equal(100_000, File.ReadLines(Assert.Single(Directory.GetFiles(_desk.Files))).Count());
    }

    [Fact]
    public async Task A_replay_ends_between_two_files_when_its_token_fires_and_leaves_the_rest()
    {
        foreach (int n in Enumerable.Range(0, 3))
        {
            _desk.Put($"{n}.jsonl", Letters.Line(_desk.Letter("letter") with { Item = Some.Item(n) }));
        }

        using DigestRepository repository = _desk.Repository();
        using var stop = new CancellationTokenSource();
        var replay = new DeadLetterReplay(repository, _desk.Sink);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => replay.RunAsync(new Callback(stop.Cancel), stop.Token));

        Assert.Equal(2, Directory.GetFiles(_desk.Files).Length);
        Assert.Equal(new DeadLetterReplayResult { Letters = 2, Stored = 2 }, await _desk.ReplayAsync());
    }

    [Fact]
    public async Task A_replay_that_is_cancelled_in_the_middle_of_a_file_says_so_and_loses_nothing()
    {
        _desk.Put("days.jsonl", [.. Enumerable.Range(0, 3).Select(n => Letters.Line(_desk.Letter("letter") with { Date = Some.Date.AddDays(n) }))]);
        using DigestRepository repository = _desk.Repository();
        using var stop = new CancellationTokenSource();
        _desk.Table.OnWrite = _ =>
        {
            stop.Cancel();
            return null;
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new DeadLetterReplay(repository, _desk.Sink).RunAsync(cancellationToken: stop.Token));

        Assert.Single(_desk.Table.Writes);
        Assert.InRange(_desk.LettersLeft().Length, 2, 3);
        Assert.All(_desk.LettersLeft(), static letter => Assert.InRange(letter.Attempts, 0, 1));
    }

    [Fact]
    public async Task Reading_does_not_hold_the_callers_thread()
    {
        _desk.Put("weekly.jsonl", Lines(1, "weekly"));
        using DigestRepository repository = _desk.Repository();
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        _desk.Put("daily.jsonl", Lines(1, "daily"));
        _desk.Table.OnLookup = _ =>
        {
            // Blocks whoever asks the table: it is not the caller.
            entered.Set();
            release.Wait(Token);
            return null;
        };

        Task<DeadLetterReplayResult> running = new DeadLetterReplay(repository, _desk.Sink).RunAsync(cancellationToken: Token);
        entered.Wait(Token);
        release.Set();

        Assert.Equal(1, (await running).Stored);
    }

    private static string[] Lines(int count, string digest) => [.. Enumerable.Range(0, count).Select(number => Letters.Line(Letters.Of(number, digest)))];

    private sealed class Callback(Action run) : IProgress<DeadLetterReplayResult>
    {
        public void Report(DeadLetterReplayResult value) => run();
    }
}
