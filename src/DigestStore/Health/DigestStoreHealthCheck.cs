using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DigestStore.Health;

// All callers share one read while it is under way, and its answer until cacheFor has passed, so that frequent checks do not cost requests.
internal sealed class DigestStoreHealthCheck(HealthProbe probe, TimeSpan cacheFor, TimeProvider time) : IHealthCheck
{
    private readonly Lock _lock = new();
    private Task<HealthAnswer>? _latest;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // A caller that is canceled stops waiting, but the read goes on for the others.
        HealthAnswer answer = await Latest().WaitAsync(cancellationToken).ConfigureAwait(false);
        return answer.ToResult(context.Registration.FailureStatus, time.GetElapsedTime(answer.At));
    }

    private Task<HealthAnswer> Latest()
    {
        lock (_lock)
        {
            return _latest is null || (_latest.IsCompleted && !IsFresh(_latest)) ? _latest = probe.RunAsync() : _latest;
        }
    }

    private bool IsFresh(Task<HealthAnswer> done) => done.IsCompletedSuccessfully && time.GetElapsedTime(done.Result.At) < cacheFor;
}
