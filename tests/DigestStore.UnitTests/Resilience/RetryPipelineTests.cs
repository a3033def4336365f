using DigestStore.Calls;
using DigestStore.Resilience;
using DigestStore.Table;

namespace DigestStore.UnitTests.Resilience;

/// <summary>Which answers are asked for again, and how often.</summary>
public sealed class RetryPipelineTests
{
    private const int Asked = 4;

    private readonly FixedClock _clock = new() { Hurry = TimeSpan.FromSeconds(30) };
    private readonly List<bool> _attempts = [];

    // Each number says how many of four items an answer leaves over.
    [Theory]
    [InlineData(3, "4 4 2 4 4 1 0", 7, 0)]
    [InlineData(3, "4 4 2 4 4 4 0", 6, 4)]
    [InlineData(1, "3 2 1 0", 4, 0)]
    [InlineData(1, "3 4 0", 2, 4)]
    public async Task An_answer_that_brings_something_begins_the_count_of_attempts_anew(int maxAttempts, string leftOver, int attempts, int last)
    {
        using CallScope scope = Some.Scope(_clock, TimeSpan.FromDays(1));

        WriteReply reply = await Pipeline(scope, maxAttempts).UntilCompleteAsync(Script(leftOver));

        Assert.Equal((attempts, last), (_attempts.Count, reply.Unprocessed.Count));
        Assert.Equal([false, .. Enumerable.Repeat(true, attempts - 1)], _attempts);
    }

    [Theory]
    [InlineData("3 0", 1)]
    [InlineData("4 3 0", 2)]
    [InlineData("4 4 4 0", 3)]
    public async Task Whoever_asks_for_the_rest_itself_gets_the_first_answer_that_brings_something(string leftOver, int attempts)
    {
        using CallScope scope = Some.Scope(_clock, TimeSpan.FromDays(1));

        await Pipeline(scope, maxAttempts: 3).UntilProgressAsync(Script(leftOver), scope.Ended);

        Assert.Equal(attempts, _attempts.Count);
    }

    [Theory]
    [InlineData("ClockSkew ClockSkew", 2)]
    [InlineData("Throttled ClockSkew", 2)]
    [InlineData("ClockSkew Throttled Throttled", 3)]
    [InlineData("AccessDenied", 1)]
    public async Task A_wrong_clock_is_worth_one_repetition_and_only_as_the_first_fault(string faults, int attempts)
    {
        using CallScope scope = Some.Scope(_clock, TimeSpan.FromDays(1));
        Queue<FaultKind> left = new(faults.Split(' ').Select(Enum.Parse<FaultKind>));

        PageReply reply = await Pipeline(scope, maxAttempts: 3).UntilCompleteAsync(isRetry =>
        {
            _attempts.Add(isRetry);
            return Task.FromResult(new PageReply { Fault = left.TryDequeue(out FaultKind kind) ? Some.Fault(kind) : null });
        });

        Assert.Equal(attempts, _attempts.Count);
        Assert.NotNull(reply.Fault);
    }

    [Fact]
    public async Task A_call_that_is_over_repeats_nothing()
    {
        using CallScope scope = Some.Scope(_clock, TimeSpan.Zero);

        WriteReply reply = await Pipeline(scope, maxAttempts: 3).UntilCompleteAsync(Script("2 0"));

        Assert.Equal((1, 2), (_attempts.Count, reply.Unprocessed.Count));
    }

    private static RetryPipeline Pipeline(CallScope scope, int maxAttempts) => new(Some.Options(options => options.MaxAttempts = maxAttempts), scope);

    private Func<bool, Task<WriteReply>> Script(string leftOver)
    {
        Queue<int> left = new(leftOver.Split(' ').Select(int.Parse));
        return isRetry =>
        {
            _attempts.Add(isRetry);
            return Task.FromResult(new WriteReply { Sent = Asked, Unprocessed = [.. Enumerable.Range(0, left.Dequeue()).Select(Some.Id)] });
        };
    }
}
