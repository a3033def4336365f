using DigestStore.Resilience;
using DigestStore.Table;

namespace DigestStore.UnitTests.Resilience;

public sealed class CircuitBreakerTests
{
    private static readonly TableFault Dead = Some.Fault(FaultKind.Unreachable);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TableFault Canceled = new(FaultKind.Canceled);

    private readonly FixedClock _clock = new();
    private readonly CircuitBreaker _breaker;
    private int _calls;

    public CircuitBreakerTests() => _breaker = new CircuitBreaker(_clock);

    [Theory]
    [InlineData("Unreachable")]
    [InlineData("Unavailable")]
    [InlineData("TimedOut")]
    public async Task Five_failures_in_a_row_open_the_circuit(string kind)
    {
        await RunAsync(Some.Fault(Enum.Parse<FaultKind>(kind)), times: 5);

        Assert.Same(CircuitBreaker.Open, await RunAsync(null));
        Assert.Equal(5, _calls);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Throttled")]
    [InlineData("AccessDenied")]
    public async Task An_answer_among_the_failures_keeps_it_closed(string? kind)
    {
        await RunAsync(Dead, times: 4);
        await RunAsync(kind is null ? null : Some.Fault(Enum.Parse<FaultKind>(kind)));
        await RunAsync(Dead, times: 4);

        Assert.Null(await RunAsync(null));
    }

    [Theory]
    [InlineData("Canceled")]
    [InlineData("Disposed")]
    public async Task A_call_that_was_ended_from_outside_is_neither_a_failure_nor_a_success(string kind)
    {
        await RunAsync(Dead, times: 4);
        await RunAsync(new TableFault(Enum.Parse<FaultKind>(kind)), times: 10);
        Assert.Equal(14, _calls);

        await RunAsync(new TableFault(FaultKind.DeadlineExceeded) { NotSent = true }, times: 10);
        Assert.Equal(24, _calls);

        await RunAsync(Dead);
        Assert.Same(CircuitBreaker.Open, await RunAsync(null));
    }

    [Fact]
    public async Task A_deadline_counts_only_when_the_database_had_the_time_of_an_attempt_to_answer()
    {
        TableFault late = Some.Fault(FaultKind.DeadlineExceeded);
        await RunAsync(late, times: 10, takes: Patience - TimeSpan.FromTicks(1));
        Assert.Null(await RunAsync(null));

        await RunAsync(late, times: 5, takes: Patience);
        Assert.Same(CircuitBreaker.Open, await RunAsync(null));
    }

    [Fact]
    public async Task A_try_of_an_impatient_caller_leaves_the_next_call_to_try()
    {
        await RunAsync(Dead, times: 5);
        _clock.Advance(CircuitBreaker.BreakDuration);

        await RunAsync(Some.Fault(FaultKind.DeadlineExceeded));
        Assert.Null(await RunAsync(null));
        Assert.Equal(7, _calls);
    }

    [Fact]
    public async Task Failures_that_are_far_apart_keep_it_closed()
    {
        for (int call = 0; call < 20; call++)
        {
            await RunAsync(Dead);
            _clock.Advance(TimeSpan.FromSeconds(8));
        }

        Assert.Equal(20, _calls);
    }

    [Fact]
    public async Task After_the_break_one_call_tries_and_its_answer_closes_the_circuit()
    {
        await RunAsync(Dead, times: 5);
        _clock.Advance(CircuitBreaker.BreakDuration);
        var answer = new TaskCompletionSource<PageReply>();
        Task<PageReply> probe = _breaker.RunAsync(() => answer.Task, Failed, Patience);

        Assert.Same(CircuitBreaker.Open, await RunAsync(null));
        answer.SetResult(new PageReply());
        await probe;

        Assert.Null(await RunAsync(null));
    }

    [Fact]
    public async Task A_try_that_fails_breaks_again_for_as_long()
    {
        await RunAsync(Dead, times: 5);
        _clock.Advance(CircuitBreaker.BreakDuration);
        Assert.Same(Dead, await RunAsync(Dead));

        _clock.Advance(CircuitBreaker.BreakDuration - TimeSpan.FromTicks(1));
        Assert.Same(CircuitBreaker.Open, await RunAsync(null));

        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Null(await RunAsync(null));
    }

    [Fact]
    public async Task A_try_that_its_caller_ended_leaves_the_next_call_to_try()
    {
        await RunAsync(Dead, times: 5);
        _clock.Advance(CircuitBreaker.BreakDuration);

        Assert.Same(Canceled, await RunAsync(Canceled));
        Assert.Same(Dead, await RunAsync(Dead));
        Assert.Same(CircuitBreaker.Open, await RunAsync(null));
    }

    [Fact]
    public async Task A_failure_from_before_the_break_does_not_prolong_it()
    {
        var late = new TaskCompletionSource<PageReply>();
        Task<PageReply> early = _breaker.RunAsync(() => late.Task, Failed, Patience);
        await RunAsync(Dead, times: 5);
        _clock.Advance(CircuitBreaker.BreakDuration / 2);
        late.SetResult(new PageReply { Fault = Dead });
        await early;
        _clock.Advance(CircuitBreaker.BreakDuration / 2);

        Assert.Null(await RunAsync(null));
    }

    [Fact]
    public async Task A_failure_from_before_the_break_leaves_the_call_that_tries_alone()
    {
        var late = new TaskCompletionSource<PageReply>();
        Task<PageReply> early = _breaker.RunAsync(() => late.Task, Failed, Patience);
        await RunAsync(Dead, times: 5);
        _clock.Advance(CircuitBreaker.BreakDuration);
        var answer = new TaskCompletionSource<PageReply>();
        Task<PageReply> probe = _breaker.RunAsync(() => answer.Task, Failed, Patience);
        late.SetResult(new PageReply { Fault = Dead });
        await early;

        Assert.Same(CircuitBreaker.Open, await RunAsync(null));
        Assert.Same(CircuitBreaker.Open, await RunAsync(null));
        answer.SetResult(new PageReply());
        await probe;
    }

    [Fact]
    public async Task A_circuit_that_has_closed_lets_calls_through_side_by_side()
    {
        await RunAsync(Dead, times: 5);
        _clock.Advance(CircuitBreaker.BreakDuration);
        await RunAsync(null);
        var answer = new TaskCompletionSource<PageReply>();
        Task<PageReply> first = _breaker.RunAsync(() => answer.Task, Failed, Patience);

        Assert.Null(await RunAsync(null));
        answer.SetResult(new PageReply());
        Assert.Null((await first).Fault);
    }

    [Fact]
    public async Task Requests_that_were_not_sent_say_nothing_of_the_database()
    {
        await RunAsync(new TableFault(FaultKind.DeadlineExceeded) { NotSent = true }, times: 10, takes: Patience);

        Assert.Null(await RunAsync(null));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task Five_failures_count_within_thirty_seconds(int ticksMore, bool opens)
    {
        await RunAsync(Dead);
        _clock.Advance(TimeSpan.FromSeconds(30) + TimeSpan.FromTicks(ticksMore));
        await RunAsync(Dead, times: 4);

        Assert.Equal(opens, await RunAsync(null) is not null);
    }

    [Fact]
    public void The_break_lasts_ten_seconds_and_is_named()
    {
        Assert.Equal(TimeSpan.FromSeconds(10), CircuitBreaker.BreakDuration);
        Assert.Equal(new TableFault(FaultKind.Unreachable, "CircuitOpen"), CircuitBreaker.Open);
    }

    private static PageReply Failed(TableFault fault) => new() { Fault = fault };

    private async Task<TableFault?> RunAsync(TableFault? fault, int times = 1, TimeSpan takes = default)
    {
        PageReply reply = new();
        for (int call = 0; call < times; call++)
        {
            reply = await _breaker.RunAsync(
                () =>
                {
                    _calls++;
                    _clock.Advance(takes);
                    return Task.FromResult(new PageReply { Fault = fault });
                },
                Failed,
                Patience);
        }

        return reply.Fault;
    }
}
