using DigestStore.Calls;
using DigestStore.Storing;

namespace DigestStore.UnitTests.Storing;

public sealed class ProgressReporterTests : IDisposable
{
    private readonly FixedClock _clock = new();
    private readonly StoreLedger _ledger = new(10);
    private readonly CallScope _scope;
    private readonly List<Exception> _failures = [];

    public ProgressReporterTests() => _scope = Some.Scope(_clock);

    public void Dispose() => _scope.Dispose();

    [Fact]
    public async Task While_a_report_is_looked_at_only_the_newest_waits_and_the_last_knows_the_total()
    {
        using var release = new ManualResetEventSlim();
        var shown = new Display(_ => release.Wait(TestContext.Current.CancellationToken));
        ProgressReporter reporter = Reporter(shown);
        _ledger.Receive(Some.Item(0));
        reporter.Report(isLast: false);
        await shown.Began;
        for (int item = 1; item < 5; item++)
        {
            _ledger.Receive(Some.Item(item));
            reporter.Report(isLast: item == 4);
        }

        release.Set();
        await reporter.FinishAsync();

        Assert.Equal([(1, null), (5, 5)], shown.Reports.Select(static report => (report.Received, report.Total)));
        Assert.Empty(_failures);
    }

    [Fact]
    public async Task A_display_that_throws_is_told_once_and_shown_what_follows()
    {
        var shown = new Display(static _ => throw new InvalidTimeZoneException());
        ProgressReporter reporter = Reporter(shown);
        for (int report = 0; report < 3; report++)
        {
            reporter.Report(isLast: report == 2);
            await reporter.FinishAsync();
        }

        Assert.Equal(3, shown.Reports.Count);
        Assert.IsType<InvalidTimeZoneException>(Assert.Single(_failures));
    }

    [Fact]
    public async Task A_display_that_hangs_is_waited_for_one_second()
    {
        using var release = new ManualResetEventSlim();
        var shown = new Display(_ => release.Wait(TestContext.Current.CancellationToken));
        ProgressReporter reporter = Reporter(shown);
        reporter.Report(isLast: true);
        await shown.Began;
        Task finishing = reporter.FinishAsync();

        _clock.Advance(TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1));
        Assert.False(finishing.IsCompleted);
        _clock.Advance(TimeSpan.FromTicks(1));
        await finishing;

        Assert.IsType<TimeoutException>(Assert.Single(_failures));
        release.Set();
    }

    [Fact]
    public async Task Where_nobody_looks_nothing_is_reported()
    {
        ProgressReporter reporter = Reporter(null);

        reporter.Report(isLast: true);
        await reporter.FinishAsync();

        Assert.Empty(_failures);
    }

    private ProgressReporter Reporter(IProgress<StoreProgress>? progress) => new(progress, _ledger, _scope, _failures.Add);

    private sealed class Display(Action<StoreProgress> show) : IProgress<StoreProgress>
    {
        private readonly TaskCompletionSource _began = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<StoreProgress> Reports { get; } = [];

        public Task Began => _began.Task;

        public void Report(StoreProgress value)
        {
            Reports.Add(value);
            _began.TrySetResult();
            show(value);
        }
    }
}
