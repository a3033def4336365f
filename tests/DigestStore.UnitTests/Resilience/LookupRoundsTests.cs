using DigestStore.Calls;
using DigestStore.Configuration;
using DigestStore.Day;
using DigestStore.Resilience;
using DigestStore.Table;
using DigestStore.Telemetry;

namespace DigestStore.UnitTests.Resilience;

// A lookup that the table answers in parts.
public sealed class LookupRoundsTests
{
    private readonly FixedClock _clock = new() { Hurry = TimeSpan.FromSeconds(2.5) };
    private readonly TableDouble _table = new();

    [Fact]
    public async Task The_pauses_between_the_parts_grow_as_after_throttles()
    {
        using CallScope scope = Some.Scope(_clock, TimeSpan.FromHours(1));
        var asked = new List<DateTimeOffset>();
        _table.OnLookup = request =>
        {
            asked.Add(_clock.GetUtcNow());
            return Task.FromResult(new LookupReply { KeyCount = request.Keys.Count, Unprocessed = [.. request.Keys.Skip(1)] });
        };

        LookupReply reply = await Some.Gateway(_table, scope, static options => (options.ThrottleDelay, options.RetryDelay, options.MaxRetryDelay) =
            (TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(20))).LookupAsync(Request(3));

        // Half of each pause is certain, the other half is by chance.
        Assert.Null(reply.Fault);
        Assert.Equal(3, asked.Count);
        Assert.InRange((asked[1] - asked[0]).TotalSeconds, 0.5, 1.0);
        Assert.InRange((asked[2] - asked[1]).TotalSeconds, 1.0, 2.0);
        Assert.Equal("throttled 2", scope.RetryReasons);
    }

    [Fact]
    public async Task What_is_left_over_to_the_last_is_a_throttle_that_says_so()
    {
        using CallScope scope = Some.Scope(_clock, TimeSpan.FromHours(1));
        _table.OnLookup = static request => Task.FromResult(new LookupReply { KeyCount = request.Keys.Count, Unprocessed = request.Keys });

        LookupReply reply = await Some.Gateway(_table, scope).LookupAsync(Request(2, withHeader: true));

        Assert.Equal(new TableFault(FaultKind.Throttled, "UnprocessedKeys"), reply.Fault);
        Assert.Equal(3, reply.KeyCount);
    }

    // Otherwise the item would count as not being there.
    [Fact]
    public async Task A_single_key_that_is_never_answered_is_a_fault()
    {
        using CallScope scope = Some.Scope(_clock, TimeSpan.FromHours(1));
        _table.OnLookup = static request => Task.FromResult(new LookupReply { KeyCount = 1, Unprocessed = request.Keys });

        LookupReply reply = await Some.Gateway(_table, scope).LookupAsync(Request(1));

        Assert.Equal(FaultKind.Throttled, reply.Fault!.Kind);
    }

    [Fact]
    public async Task A_lookup_that_is_answered_at_the_second_attempt_was_repeated_once()
    {
        using CallScope scope = Some.Scope(_clock);
        _table.OnLookup = request => Task.FromResult(new LookupReply { KeyCount = 1, Fault = _table.Lookups.Count == 1 ? Some.Fault(FaultKind.Unavailable) : null });

        LookupReply reply = await Some.Gateway(_table, scope).LookupAsync(Request(1));

        Assert.Null(reply.Fault);
        Assert.Equal("unavailable 1", scope.RetryReasons);
    }

    // One key of two is left: it is asked for again, and then the call ends during the pause.
    [Fact]
    public async Task A_call_that_ends_between_the_parts_says_why()
    {
        var clock = new FixedClock();
        using var caller = new CancellationTokenSource();
        using CallScope scope = Some.Scope(clock, caller: caller.Token);
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _table.OnLookup = request =>
        {
            answered.TrySetResult();
            return Task.FromResult(new LookupReply { KeyCount = request.Keys.Count, Unprocessed = [.. request.Keys.Skip(1)] });
        };
        Task<LookupReply> lookup = Some.Gateway(_table, scope, static options => (options.ThrottleDelay, options.MaxRetryDelay) = (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)))
            .LookupAsync(Request(2));
        await answered.Task;
        while (clock.WaitingLongerThan(TimeSpan.FromSeconds(25)) == 0)
        {
            await Task.Yield();
        }

        await caller.CancelAsync();

        LookupReply reply = await lookup;
        Assert.Equal(FaultKind.Canceled, reply.Fault!.Kind);
        Assert.Equal(2, reply.KeyCount);
        Assert.True(reply.MadeNoProgress);
        Assert.Single(_table.Lookups);
    }

    [Theory]
    [InlineData(true, 3)]
    [InlineData(false, 2)]
    public async Task A_lookup_that_throws_is_a_fault_of_all_that_was_asked(bool withHeader, int asked)
    {
        using CallScope scope = Some.Scope(_clock);
        _table.OnLookup = static _ => throw new InvalidTimeZoneException();

        LookupReply reply = await Some.Gateway(_table, scope).LookupAsync(Request(2, withHeader));

        Assert.Equal((FaultKind.Internal, asked), (reply.Fault!.Kind, reply.KeyCount));
    }

    [Fact]
    public async Task An_open_circuit_answers_every_read_without_a_request()
    {
        using CallScope scope = Some.Scope(_clock, TimeSpan.FromHours(1));
        var breaker = new CircuitBreaker(_clock);
        StoreSettings settings = Some.Settings(static options => options.MaxAttempts = 1, _clock);
        var gateway = new TableGateway(new OpenedTable(_table), scope, settings, breaker, new Instruments(null));
        _table.OnQuery = static _ => Task.FromResult(new PageReply { Fault = Some.Fault(FaultKind.Unreachable) });
        for (int call = 0; call < 5; call++)
        {
            await gateway.QueryAsync(PageRequest.OfDay(Some.Partition, after: null, consistent: true));
        }

        PageReply page = await gateway.QueryAsync(PageRequest.OfDay(Some.Partition, after: null, consistent: true));
        LookupReply lookup = await gateway.LookupAsync(Request(2));

        Assert.Same(CircuitBreaker.Open, page.Fault);
        Assert.Same(CircuitBreaker.Open, lookup.Fault);
        Assert.Equal((2, 5), (lookup.KeyCount, _table.Requests));
    }

    private static LookupRequest Request(int ids, bool withHeader = false) =>
        DayLookup.Of(Some.Partition, withHeader, [.. Enumerable.Range(0, ids).Select(Some.Id)], consistent: true);
}
