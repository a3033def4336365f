using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DigestStore.Health;

// What a probe found. Reason is null if nothing is wrong; Delivery is null if the delivery of today was not asked for.
internal sealed record HealthFinding(HealthGrade Grade, string? Reason, string Description, DeliveryStatus? Delivery = null);

// The finding of a probe, and the timestamp of its end.
internal sealed record HealthAnswer(HealthFinding Finding, TimeSpan Duration, long At)
{
    public HealthCheckResult ToResult(HealthStatus failureStatus, TimeSpan age)
    {
        HealthStatus status = Finding.Grade switch
        {
            HealthGrade.Failed => failureStatus,
            HealthGrade.Degraded => HealthStatus.Degraded,
            HealthGrade.Healthy or HealthGrade.SwitchedOff => HealthStatus.Healthy,
        };
        var data = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["enabled"] = Finding.Grade != HealthGrade.SwitchedOff,
            ["duration"] = Duration,
            ["age"] = age,
        };
        if (Finding.Reason is not null)
        {
            data["reason"] = Finding.Reason;
        }

        if (Finding.Delivery is { } delivery)
        {
            data["delivery"] = delivery.ToString();
        }

        return new HealthCheckResult(status, Finding.Description, exception: null, data);
    }
}

internal enum HealthGrade
{
    Healthy,
    SwitchedOff,
    Degraded,
    Failed,
}
