using DigestStore.Calls;
using DigestStore.Table;
using Polly;
using Polly.Retry;

namespace DigestStore.Resilience;

// The only place of the library that repeats a request.
// What is repeated: a request whose answer is a transient fault, or that left over some or all of what was asked for (ShouldRepeat).
// How often: until MaxAttempts attempts in a row have brought nothing. An attempt that brings something begins the count anew.
// Who waits: Polly does, before each repetition, for the time that Backoff says. The end of the call ends the wait.
internal sealed class RetryPipeline(DigestStoreOptions options, CallScope scope)
{
    // It is built for the first request that is repeated. Two requests may build one each at the same time, which does no harm.
    private ResiliencePipeline<Answer>? _polly;

    // Repeats until an answer brings the rest of what was asked for. The attempt is told whether it repeats a request. It asks only for
    // what is still missing, so the repetitions end: each answer that brings something makes the next request smaller.
    public Task<T> UntilCompleteAsync<T>(Func<bool, Task<T>> attempt)
        where T : TableReply => RunAsync(attempt, needsAll: true, scope.Ended);

    // Repeats until an answer brings something. The writer packs leftovers of several batches together, so it asks for the rest itself.
    public Task<T> UntilProgressAsync<T>(Func<bool, Task<T>> attempt, CancellationToken cancellationToken)
        where T : TableReply => RunAsync(attempt, needsAll: false, cancellationToken);

    private async Task<T> RunAsync<T>(Func<bool, Task<T>> attempt, bool needsAll, CancellationToken cancellationToken)
        where T : TableReply
    {
        // The first attempt is made outside of Polly, because nearly every request is answered at once, and Polly costs a new process some
        // 230 methods to compile.
        T reply = await attempt(false).ConfigureAwait(false);
        var first = new Answer(reply, needsAll, reply.MadeNoProgress ? 1 : 0);
        return ShouldRepeat(first) ? await RepeatAsync(attempt, first, cancellationToken).ConfigureAwait(false) : reply;
    }

    private async Task<T> RepeatAsync<T>(Func<bool, Task<T>> attempt, Answer first, CancellationToken cancellationToken)
        where T : TableReply
    {
        Answer? last = null;
        try
        {
            _polly ??= Build();
            await _polly.ExecuteAsync(
                async _ =>
                {
                    // Polly begins with an attempt of its own. That one has been made already, so Polly gets its answer.
                    last = last is { } previous ? previous.FollowedBy(await attempt(true).ConfigureAwait(false)) : first;
                    return last.Value;
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The end of the call cut a wait short. What the last attempt brought is still the answer.
        }

        return (T)(last ?? first).Reply;
    }

    private ResiliencePipeline<Answer> Build() => new ResiliencePipelineBuilder<Answer> { TimeProvider = scope.Time }
        .AddRetry(new RetryStrategyOptions<Answer>
        {
            // Polly would count all attempts. ShouldRepeat counts those in a row that brought nothing, and ends the repetitions.
            MaxRetryAttempts = int.MaxValue,
            ShouldHandle = arguments => ValueTask.FromResult(ShouldRepeat(arguments.Outcome.Result)),
            DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(
                Backoff.Delay(CauseOf(arguments.Outcome.Result.Reply), arguments.AttemptNumber, options, Random.Shared.NextDouble())),
        })
        .Build();

    private bool ShouldRepeat(Answer answer)
    {
        TableReply reply = answer.Reply;
        if (!reply.MadeNoProgress)
        {
            return answer.NeedsAll && reply.IsPartial;
        }

        // After one answer that blames the clock the SDK knows the right time, so a second one has another cause.
        bool isWorthRepeating = reply.Fault is null or { IsTransient: true } || (reply.Fault.Kind == FaultKind.ClockSkew && answer.AttemptsInVain == 1);

        // After the end of the call an attempt would only say that the call is over. The answer that is there says more.
        return isWorthRepeating && answer.AttemptsInVain < options.MaxAttempts && !scope.IsOver;
    }

    // DynamoDB leaves items over when it throttles, and then its answer is a 200 without a fault.
    private static FaultKind CauseOf(TableReply reply) => reply.Fault?.Kind ?? FaultKind.Throttled;

    // The answer to one attempt, and how many attempts in a row, this one included, brought nothing.
    private readonly record struct Answer(TableReply Reply, bool NeedsAll, int AttemptsInVain)
    {
        public Answer FollowedBy(TableReply reply) => this with { Reply = reply, AttemptsInVain = reply.MadeNoProgress ? AttemptsInVain + 1 : 0 };
    }
}
