using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DigestStore.Health;

// Gives one answer to all who ask while it is fresh or on its way.
internal sealed class DigestStoreHealthCheck(HealthProbe probe, TimeSpan cacheFor, TimeProvider time) : IHealthCheck
{
    private readonly Lock _gate = new();
    private Task<HealthAnswer>? _latest;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // Whoever asks may stop waiting; the read goes on for the others.
        HealthAnswer answer = await Latest().WaitAsync(cancellationToken).ConfigureAwait(false);
        return answer.ToResult(context.Registration.FailureStatus, time.GetElapsedTime(answer.At));
    }

    private Task<HealthAnswer> Latest()
    {
        lock (_gate)
        {
            return _latest is null || (_latest.IsCompleted && !IsFresh(_latest)) ? _latest = probe.AskAsync() : _latest;
        }
    }

    private bool IsFresh(Task<HealthAnswer> done) => done.IsCompletedSuccessfully && time.GetElapsedTime(done.Result.At) < cacheFor;
}
