using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DigestStore.Health;

// What a probe found, and the timestamp of its end. Reason is null if the table answered in time.
internal sealed record HealthAnswer(HealthGrade Grade, string? Reason, string Description, TimeSpan Duration, long At)
{
    public HealthCheckResult ToResult(HealthStatus failureStatus, TimeSpan age)
    {
        HealthStatus status = Grade switch
        {
            HealthGrade.Failed => failureStatus,
            HealthGrade.Degraded => HealthStatus.Degraded,
            HealthGrade.Healthy or HealthGrade.SwitchedOff => HealthStatus.Healthy,
        };
        var data = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["enabled"] = Grade != HealthGrade.SwitchedOff,
            ["duration"] = Duration,
            ["age"] = age,
        };
        if (Reason is not null)
        {
            data["reason"] = Reason;
        }

        return new HealthCheckResult(status, Description, exception: null, data);
    }
}

internal enum HealthGrade
{
    Healthy,
    SwitchedOff,
    Degraded,
    Failed,
}
