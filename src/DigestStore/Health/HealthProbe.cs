using System.Runtime.CompilerServices;
using DigestStore.Calls;
using DigestStore.Faults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DigestStore.Health;

// Reads one key that no store writes and, if it is time, the delivery of today. Both are a BatchGetItem, which the application's role is
// allowed to make anyway.
internal sealed class HealthProbe(IServiceScopeFactory scopes, string? storeName, DigestStoreHealthOptions options, TimeProvider time)
{
    public const string NotRegistered = "NotRegistered";
    public const string Slow = "Slow";

    private static readonly DateOnly NoDay = DateOnly.MinValue;

    private readonly DeliveryProbe _delivery = new(storeName, options.DeliveredBy, time);

    public async Task<HealthAnswer> RunAsync()
    {
        long started = time.GetTimestamp();
        HealthFinding finding = await FindAsync().ConfigureAwait(false);
        TimeSpan duration = time.GetElapsedTime(started);
        if (finding.Grade == HealthGrade.Healthy && duration > options.SlowAfter)
        {
            finding = finding with
            {
                Grade = HealthGrade.Degraded,
                Reason = Slow,
                Description = "The table answered slowly. If this lasts, check the network between this machine and DynamoDB and the table's metrics, or the disk if the table is in a file.",
            };
        }

        return new HealthAnswer(finding, duration, time.GetTimestamp());
    }

    private async Task<HealthFinding> FindAsync()
    {
        using var deadline = new CancellationTokenSource(options.Deadline, time);
        try
        {
            // A repository that ignores its token, or blocks before its first await, must not hold up the check.
            CancellationToken token = deadline.Token;
            Task<HealthFinding> read = Task.Run(() => ReadAsync(token), CancellationToken.None);
            AbandonedTasks.Observe(read);
            return await read.WaitAsync(token).ConfigureAwait(false);
        }
        catch (DigestStoreException exception)
        {
            return Graded(exception.Reason, exception.Remedy);
        }
        catch (ObjectDisposedException)
        {
            return Graded(DigestStoreErrorReason.Disposed);
        }
        catch (OptionsValidationException)
        {
            return Graded(DigestStoreErrorReason.Misconfigured, Remedies.InvalidOptions);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return Graded(DigestStoreErrorReason.Timeout);
        }
        catch (Exception exception) when (!Fatal.Is(exception))
        {
            return new HealthFinding(HealthGrade.Failed, exception.GetType().Name, $"The repository failed with {exception.GetType().Name}, which is none of its own exceptions.");
        }
    }

    public static HealthFinding Missing(string service, string? storeName) =>
        new(HealthGrade.Failed, NotRegistered, $"No {service}{(storeName is null ? "" : $" named '{storeName}'")} is registered. Call AddDigestStore on the services too.");

    // The scope lasts as long as the read, which may be longer than the check.
    private async Task<HealthFinding> ReadAsync(CancellationToken cancellationToken)
    {
        AsyncServiceScope scope = scopes.CreateAsyncScope();
        await using ConfiguredAsyncDisposable disposal = scope.ConfigureAwait(false);
        IDigestRepository? repository = storeName is null
            ? scope.ServiceProvider.GetService<IDigestRepository>()
            : scope.ServiceProvider.GetKeyedService<IDigestRepository>(storeName);
        if (repository is null)
        {
            return Missing(nameof(IDigestRepository), storeName);
        }

        Task read = repository is IProbeTarget target
            ? target.ProbeAsync(NoDay, cancellationToken)
            : repository.FindAsync(NoDay, default(DigestItemId), cancellationToken);
        await read.ConfigureAwait(false);
        return await _delivery.FindAsync(scope.ServiceProvider, cancellationToken).ConfigureAwait(false) ?? new HealthFinding(HealthGrade.Healthy, null, "The table answers.");
    }

    private static HealthFinding Graded(DigestStoreErrorReason reason, string? remedy = null)
    {
        (HealthGrade grade, string description) = HealthGrades.Of(reason);
        return new HealthFinding(grade, reason.ToString(), remedy ?? description);
    }
}
