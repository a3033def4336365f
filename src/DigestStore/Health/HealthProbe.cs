using System.Runtime.CompilerServices;
using DigestStore.Calls;
using Microsoft.Extensions.DependencyInjection;

namespace DigestStore.Health;

// Reads one key that no store writes. The read is a BatchGetItem, which the application's role is allowed to make anyway.
internal sealed class HealthProbe(IServiceScopeFactory scopes, string? storeName, DigestStoreHealthOptions options, TimeProvider time)
{
    public const string NotRegistered = "NotRegistered";
    public const string Slow = "Slow";

    private static readonly DateOnly NoDay = DateOnly.MinValue;

    public async Task<HealthAnswer> RunAsync()
    {
        long started = time.GetTimestamp();
        (HealthGrade grade, string? reason, string description) = await GradeAsync().ConfigureAwait(false);
        TimeSpan duration = time.GetElapsedTime(started);
        if (grade == HealthGrade.Healthy && duration > options.SlowAfter)
        {
            (grade, reason, description) = (HealthGrade.Degraded, Slow, "The table answered slowly. Check the network between this machine and DynamoDB, and the table's metrics, if this lasts.");
        }

        return new HealthAnswer(grade, reason, description, duration, time.GetTimestamp());
    }

    private async Task<(HealthGrade Grade, string? Reason, string Description)> GradeAsync()
    {
        using var deadline = new CancellationTokenSource(options.Deadline, time);
        try
        {
            // A repository that ignores its token, or blocks before its first await, must not hold up the check.
            CancellationToken token = deadline.Token;
            Task<bool> read = Task.Run(() => ReadAsync(token), CancellationToken.None);
            AbandonedTasks.Observe(read);
            return await read.WaitAsync(token).ConfigureAwait(false)
                ? (HealthGrade.Healthy, null, "The table answers.")
                : (HealthGrade.Failed, NotRegistered, $"No {nameof(IDigestRepository)}{(storeName is null ? "" : $" named '{storeName}'")} is registered. Call AddDigestStore on the services too.");
        }
        catch (DigestStoreException exception)
        {
            return Graded(exception.Reason);
        }
        catch (ObjectDisposedException)
        {
            return Graded(DigestStoreErrorReason.Disposed);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return Graded(DigestStoreErrorReason.Timeout);
        }
        catch (Exception exception) when (!Fatal.Is(exception))
        {
            return (HealthGrade.Failed, exception.GetType().Name, $"The repository failed with {exception.GetType().Name}, which is none of its own exceptions.");
        }
    }

    // Returns false if no repository is registered. The scope lasts as long as the read, which may be longer than the check.
    private async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        AsyncServiceScope scope = scopes.CreateAsyncScope();
        await using ConfiguredAsyncDisposable disposal = scope.ConfigureAwait(false);
        IDigestRepository? repository = storeName is null
            ? scope.ServiceProvider.GetService<IDigestRepository>()
            : scope.ServiceProvider.GetKeyedService<IDigestRepository>(storeName);
        if (repository is null)
        {
            return false;
        }

        Task read = repository is IProbeTarget target
            ? target.ProbeAsync(NoDay, cancellationToken)
            : repository.FindAsync(NoDay, default(DigestItemId), cancellationToken);
        await read.ConfigureAwait(false);
        return true;
    }

    private static (HealthGrade Grade, string? Reason, string Description) Graded(DigestStoreErrorReason reason)
    {
        (HealthGrade grade, string description) = HealthGrades.Of(reason);
        return (grade, reason.ToString(), description);
    }
}
