using Microsoft.Extensions.Logging;

namespace DigestStore.FaultTests;

public sealed class HostCallbackTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [FaultRow(84, "The logger throws, or blocks for a second, on every call", "The store is unharmed.")]
    public async Task A_bad_logger_does_not_harm_a_store(bool blocks)
    {
        await using var scenario = FaultScenario.Start();
        using var repository = new DigestRepository(new DynamoDb.OwnClientSource(), () => new DigestStoreOptions { ServiceUrl = scenario.Server.Uri.AbsoluteUri }, new DigestStoreServices { LoggerFactory = new BadLoggerFactory(blocks) });

        StoreResult result = await repository.StoreAsync(FaultScenario.Date, FaultScenario.Items(30), cancellationToken: Token);
        Digest digest = await repository.GetAsync(FaultScenario.Date, Token);

        Assert.Equal((StoreStatus.Stored, 30, 30), (result.Status, result.Inserted, digest.Count));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [FaultRow(101, "The caller's progress display throws every time, or hangs", "The store is unharmed and logs it once; a display that hangs is left behind after a second.")]
    public async Task A_bad_progress_display_does_not_harm_a_store(bool hangs)
    {
        await using var scenario = FaultScenario.Start();
        using var progress = new BadProgress(hangs);

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(300), new StoreCallOptions { Progress = progress }, notices: 1);

        Assert.Equal((StoreStatus.Stored, 300), (result.Status, result.Inserted));
        (LogLevel Level, EventId Id, string Message) notice = scenario.Log.Entries.First();
        Assert.Equal((LogLevel.Warning, 125), (notice.Level, notice.Id.Id));
        Assert.Contains(hangs ? nameof(TimeoutException) : nameof(InvalidOperationException), notice.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(BadSink.Way.Throws)]
    [InlineData(BadSink.Way.Blocks)]
    [InlineData(BadSink.Way.NeverEnds)]
    [FaultRow(101, "The dead-letter sink throws, blocks or never ends", "It is waited for two seconds at most and logged once; the result says that the letters are kept nowhere.")]
    public async Task A_bad_sink_does_not_harm_a_store(BadSink.Way way)
    {
        await using var scenario = FaultScenario.Start(deadLetters: new BadSink(way));
        scenario.Server.On("BatchWriteItem").Answer(TestSupport.Fault.InternalServerError());

        var time = RealTime.Start();
        StoreResult result = await scenario.Repository.StoreAsync(FaultScenario.Date, FaultScenario.Items(60), cancellationToken: Token);

        Assert.Equal((StoreStatus.Failed, 60), (result.Status, result.Failed));
        time.AssertWithin(TimeSpan.FromSeconds(2), result.Duration);
        bool kept = way == BadSink.Way.Blocks;
        Assert.Equal(kept ? 60 : 0, result.DeadLettered);
        Assert.Equal(kept ? 0 : 1, scenario.Log.Entries.Count(entry => entry.Level == LogLevel.Error));
        Assert.Equal(!kept, result.Problems.Any(problem => problem.Reason == StoreProblemReason.DeadLettersNotWritten));
        Assert.DoesNotContain(scenario.Log.Entries, entry => entry.Message.Contains(FaultScenario.SecretMarker, StringComparison.OrdinalIgnoreCase));
    }

    // What a bad host does: there is nothing to wait for.
    private static void Misbehave(bool blocks)
    {
        if (!blocks)
        {
            throw new InvalidOperationException("the host's own");
        }

        using var never = new ManualResetEventSlim();
        never.Wait(Second);
    }

    // Hangs until the test is over.
    private sealed class BadProgress(bool hangs) : IProgress<StoreProgress>, IDisposable
    {
        private readonly ManualResetEventSlim _over = new();

        public void Report(StoreProgress value)
        {
            if (!hangs)
            {
                throw new InvalidOperationException(FaultScenario.SecretMarker);
            }

            _over.Wait(CancellationToken.None);
        }

        public void Dispose() => _over.Set();
    }

    private sealed class BadLoggerFactory(bool blocks) : ILoggerFactory, ILogger
    {
        public void AddProvider(ILoggerProvider provider)
        {
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Misbehave(blocks);

        public void Dispose()
        {
        }
    }

    public sealed class BadSink(BadSink.Way way) : IDeadLetterSink
    {
        public enum Way
        {
            Throws,
            Blocks,
            NeverEnds,
        }

        public Task WriteAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken = default)
        {
            if (way == Way.NeverEnds)
            {
                return new TaskCompletionSource().Task;
            }

            Misbehave(way == Way.Blocks);
            return Task.CompletedTask;
        }
    }
}
