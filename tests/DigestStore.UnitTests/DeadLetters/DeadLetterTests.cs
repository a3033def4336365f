using DigestStore.DeadLetters;
using DigestStore.DynamoDb;
using DigestStore.Testing;
using DigestStore.TestSupport;

namespace DigestStore.UnitTests.DeadLetters;

public sealed class DeadLetterTests : IDisposable
{
    private static readonly DateOnly Date = new(2026, 11, 21);

    private readonly string _directory = Path.Combine(Path.GetTempPath(), "letters-" + Path.GetRandomFileName());
    private readonly VirtualTimeProvider _time = new(new DateTimeOffset(2026, 11, 21, 6, 0, 0, TimeSpan.Zero));
    private readonly InMemoryDigestStorage _storage = new();

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    [Fact]
    public void A_letter_survives_its_line_whatever_is_in_it()
    {
        var letter = new DeadLetter
        {
            Item = new DigestItem { Url = "https://example.com/é\u2028", Title = "a\nb\r\u001b[31m", Tags = ["x", "😀"], Metadata = new Dictionary<string, string> { ["k"] = "v" }, PublishedAt = _time.GetUtcNow() },
            Table = "digests",
            Digest = "daily",
            Date = Date,
            Ordinal = 0,
            IdRules = "1",
            StoreStartedAt = _time.GetUtcNow(),
            Reason = StoreProblemReason.CompareUnavailable,
        };

        string line = System.Text.Encoding.UTF8.GetString(LetterJson.Write(letter));

        Assert.DoesNotContain('\n', line);
        Assert.DoesNotContain('\u001b', line);
        Assert.Equal(letter, Letters.Read(line));
    }

    [Fact]
    public async Task What_a_cancelled_store_leaves_is_kept_and_replayed_in_its_place()
    {
        FileDeadLetterSink sink = Sink();
        using InMemoryDigestRepository repository = Repository(sink);
        DigestItem[] items = Items("first", 40);
        using var canceled = new CancellationTokenSource();
        await canceled.CancelAsync();

        var thrown = await Assert.ThrowsAsync<DigestStoreCanceledException>(() => repository.StoreAsync(Date, items, cancellationToken: canceled.Token));
        DeadLetterReplayResult replayed = await new DeadLetterReplay(repository, sink).RunAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(40, thrown.Result.DeadLettered);
        Assert.Equal(new DeadLetterReplayResult { Letters = 40, Stored = 40 }, replayed);
        Assert.Equal(items.Select(item => item.Title), (await repository.GetAsync(Date, TestContext.Current.CancellationToken)).Select(item => item.Item.Title));
        Assert.Empty(Directory.EnumerateFiles(_directory, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_letter_that_fails_again_is_kept_with_its_attempt_counted()
    {
        FileDeadLetterSink sink = Sink();
        using InMemoryDigestRepository off = Repository(sink, options => options.WhenDisabled = DisabledItems.DeadLetter, enabled: false);
        await off.StoreAsync(Date, Items("kept", 3), cancellationToken: TestContext.Current.CancellationToken);
        var dead = new DigestStoreOptions { ServiceUrl = "http://127.0.0.1:1", MaxAttempts = 1 };
        using var unreachable = new DigestRepository(new OwnClientSource(), () => dead);
        var progress = new List<DeadLetterReplayResult>();

        DeadLetterReplayResult result = await new DeadLetterReplay(unreachable, sink).RunAsync(new Recorder(progress), TestContext.Current.CancellationToken);

        Assert.Equal(new DeadLetterReplayResult { Letters = 3, Kept = 3 }, result);
        Assert.Equal(result, Assert.Single(progress));
        string file = Assert.Single(Directory.EnumerateFiles(_directory, "*", SearchOption.AllDirectories));
        Assert.All(await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken), line =>
            Assert.Equal((1, StoreProblemReason.CompareUnavailable), (Letters.Read(line)!.Attempts, Letters.Read(line)!.Reason)));
    }

    [Fact]
    public async Task A_line_that_is_no_letter_is_kept_aside()
    {
        FileDeadLetterSink sink = Sink();
        string table = Path.Combine(_directory, "digests");
        Directory.CreateDirectory(table);
        await File.WriteAllTextAsync(Path.Combine(table, "20261121T060000000Z-0.jsonl"), "{ not a letter\n", TestContext.Current.CancellationToken);
        using InMemoryDigestRepository repository = Repository(null);

        DeadLetterReplayResult result = await new DeadLetterReplay(repository, sink).RunAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(1, result.Unreadable);
        Assert.Equal("{ not a letter", (await File.ReadAllTextAsync(Assert.Single(Directory.EnumerateFiles(table)), TestContext.Current.CancellationToken)).Trim());
    }

    [Fact]
    public async Task A_file_that_another_replay_works_on_is_left_to_it()
    {
        FileDeadLetterSink sink = Sink();
        await sink.WriteAsync([Letter("https://example.com/1")], TestContext.Current.CancellationToken);
        using InMemoryDigestRepository repository = Repository(null);
        using FileStream? claim = LetterFile.Claim(Assert.Single(Directory.EnumerateFiles(_directory, "*", SearchOption.AllDirectories)), out _);

        DeadLetterReplayResult result = await new DeadLetterReplay(repository, sink).RunAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.NotNull(claim);
        Assert.Equal(0, result.Letters);
    }

    [Fact]
    public async Task Letters_over_the_size_cap_are_refused_and_the_ones_there_stay()
    {
        var sink = new FileDeadLetterSink(new FileDeadLetterOptions { Directory = _directory, MaxBytes = 600 }, timeProvider: _time);
        await sink.WriteAsync([Letter("https://example.com/1")], TestContext.Current.CancellationToken);

        IOException refused = await Assert.ThrowsAsync<IOException>(() => sink.WriteAsync([Letter("https://example.com/2"), Letter("https://example.com/3")]));

        Assert.Contains("would exceed the cap of 600 bytes", refused.Message, StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFiles(_directory, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Letters_older_than_the_age_cap_are_removed_with_the_next_write()
    {
        FileDeadLetterSink sink = Sink();
        await sink.WriteAsync([Letter("https://example.com/1")], TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromDays(31));

        await sink.WriteAsync([Letter("https://example.com/2")], TestContext.Current.CancellationToken);

        Assert.Contains("example.com/2", await File.ReadAllTextAsync(Assert.Single(Directory.EnumerateFiles(_directory, "*", SearchOption.AllDirectories)), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_owner_can_read_letters()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        FileDeadLetterSink sink = Sink();

        await sink.WriteAsync([Letter("https://example.com/1")], TestContext.Current.CancellationToken);

        string file = Assert.Single(Directory.EnumerateFiles(_directory, "*", SearchOption.AllDirectories));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task A_sink_that_throws_is_reported_and_harms_nothing()
    {
        using InMemoryDigestRepository repository = new(new DigestStoreOptions { Enabled = false, WhenDisabled = DisabledItems.DeadLetter }, _storage,
            new DigestStoreServices { TimeProvider = _time, DeadLetters = new ThrowingSink() });

        StoreResult result = await repository.StoreAsync(Date, Items("lost", 2), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((2, 0), (result.Skipped, result.DeadLettered));
        Assert.Equal(StoreProblemReason.DeadLettersNotWritten, Assert.Single(result.Problems).Reason);
    }

    [Theory]
    [InlineData(" ", 1, "FileDeadLetterOptions.Directory is blank. Name a directory that outlives the process.")]
    [InlineData("x", 0, "FileDeadLetterOptions.MaxBytes is '0' and MaxAge '30.00:00:00', but both must be positive. Leave them out for 100 MB and 30 days.")]
    public void Settings_that_cannot_be_are_refused_with_their_value_and_the_remedy(string directory, long maxBytes, string message) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => new FileDeadLetterSink(new FileDeadLetterOptions { Directory = directory, MaxBytes = maxBytes })).Message, StringComparison.Ordinal);

    [Fact]
    public void A_repository_that_is_not_ours_is_refused() =>
        Assert.Throws<ArgumentException>(() => new DeadLetterReplay(new Stranger(), Sink()));

    private FileDeadLetterSink Sink() => new(new FileDeadLetterOptions { Directory = _directory }, timeProvider: _time);

    private InMemoryDigestRepository Repository(FileDeadLetterSink? sink, Action<DigestStoreOptions>? configure = null, bool enabled = true)
    {
        var options = new DigestStoreOptions { Enabled = enabled };
        configure?.Invoke(options);
        return new InMemoryDigestRepository(options, _storage, new DigestStoreServices { TimeProvider = _time, DeadLetters = sink });
    }

    private DeadLetter Letter(string url) => new()
    {
        Item = new DigestItem { Url = url, Title = "title" },
        Table = "digests",
        Digest = "daily",
        Date = Date,
        Ordinal = 3,
        IdRules = "1",
        StoreStartedAt = _time.GetUtcNow(),
        Reason = StoreProblemReason.Unavailable,
    };

    private static DigestItem[] Items(string title, int count) =>
        [.. Enumerable.Range(0, count).Select(n => new DigestItem { Url = $"https://example.com/{n}", Title = $"{title} {n}" })];

    private sealed class Recorder(List<DeadLetterReplayResult> seen) : IProgress<DeadLetterReplayResult>
    {
        public void Report(DeadLetterReplayResult value) => seen.Add(value);
    }

    private sealed class ThrowingSink : IDeadLetterSink
    {
        public Task WriteAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken = default) => throw new IOException("disk full");
    }

    private sealed class Stranger : IDigestRepository
    {
        public Task<StoreResult> StoreAsync(DateOnly date, IEnumerable<DigestItem> items, StoreCallOptions? options = null, CancellationToken cancellationToken = default) => Task.FromResult(StoreResult.Create([]));

        public Task<StoreResult> StoreAsync(DateOnly date, IAsyncEnumerable<DigestItem> items, StoreCallOptions? options = null, CancellationToken cancellationToken = default) => Task.FromResult(StoreResult.Create([]));

        public Task<Digest> GetAsync(DateOnly date, CancellationToken cancellationToken = default) => Task.FromResult(new Digest(date, []));

        public IAsyncEnumerable<StoredDigestItem> ReadAsync(DateOnly date, CancellationToken cancellationToken = default) => AsyncEnumerable.Empty<StoredDigestItem>();

        public Task<StoredDigestItem?> FindAsync(DateOnly date, string url, CancellationToken cancellationToken = default) => Task.FromResult<StoredDigestItem?>(null);

        public Task<StoredDigestItem?> FindAsync(DateOnly date, DigestItemId id, CancellationToken cancellationToken = default) => Task.FromResult<StoredDigestItem?>(null);

        public Task<bool> DeleteAsync(DateOnly date, string url, CancellationToken cancellationToken = default) => Task.FromResult(false);

        public Task<bool> DeleteAsync(DateOnly date, DigestItemId id, CancellationToken cancellationToken = default) => Task.FromResult(false);
    }
}
