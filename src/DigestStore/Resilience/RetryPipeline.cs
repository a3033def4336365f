using DigestStore.Table;
using Polly;
using Polly.Retry;

namespace DigestStore.Resilience;

// The only retry pipeline of the library. Unprocessed leftovers go through it too: a reply that brought nothing is
// a failed attempt, whether it came as an error or as a 200.
internal static class RetryPipeline
{
    public static ResiliencePipeline<TableReply> Create(DigestStoreOptions options, TimeProvider timeProvider)
    {
        if (options.MaxAttempts == 1)
        {
            return ResiliencePipeline<TableReply>.Empty;
        }

        return new ResiliencePipelineBuilder<TableReply> { TimeProvider = timeProvider }
            .AddRetry(new RetryStrategyOptions<TableReply>
            {
                // Polly does not count the first call.
                MaxRetryAttempts = options.MaxAttempts - 1,
                ShouldHandle = arguments => ValueTask.FromResult(IsWorthRetrying(arguments.Outcome.Result, arguments.AttemptNumber)),
                DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(
                    Backoff.Delay(Cause(arguments.Outcome.Result), arguments.AttemptNumber, options, Random.Shared.NextDouble())),
            })
            .Build();
    }

    public static bool IsWorthRetrying(TableReply? reply, int attempt) =>
        reply is { CameToNothing: true } &&
        (reply.Fault is null || reply.Fault.IsTransient || (reply.Fault.Kind == FaultKind.ClockSkew && attempt == 0));

    // No fault and nothing accepted is how DynamoDB says "throttled" in a 200.
    private static FaultKind Cause(TableReply? reply) => reply?.Fault?.Kind ?? FaultKind.Throttled;
}
