using DigestStore.Table;
using Polly;
using Polly.CircuitBreaker;

namespace DigestStore.Resilience;

// For long-lived processes: while every call finds the database dead, further calls need not wait for it. Shared by the calls of a
// repository. It counts reads that have failed after all their retries, so a process's first call always has its full chance.
internal sealed class CircuitBreaker(TimeProvider timeProvider)
{
    private const int Calls = 5;
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(30);

    private readonly ResiliencePipeline<TableReply> _circuit = new ResiliencePipelineBuilder<TableReply> { TimeProvider = timeProvider }
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions<TableReply>
        {
            FailureRatio = 1,
            MinimumThroughput = Calls,
            SamplingDuration = Within,
            BreakDuration = BreakDuration,
            ShouldHandle = arguments => ValueTask.FromResult(
                arguments.Outcome.Result?.Fault?.Kind is FaultKind.Unreachable or FaultKind.Unavailable or FaultKind.TimedOut),
        })
        .Build();

    public static TimeSpan BreakDuration { get; } = TimeSpan.FromSeconds(10);

    public static TableFault Open { get; } = new(FaultKind.Unreachable, "CircuitOpen");

    public async Task<T> RunAsync<T>(Func<Task<T>> call, Func<TableFault, T> failed)
        where T : TableReply
    {
        try
        {
            return (T)await _circuit.ExecuteAsync(async _ => (TableReply)await call().ConfigureAwait(false), CancellationToken.None).ConfigureAwait(false);
        }
        catch (BrokenCircuitException)
        {
            return failed(Open);
        }
    }
}
