namespace DigestStore.Testing;

/// <summary>One promise of <see cref="IDigestRepository"/> that any implementation can be tested against.</summary>
public sealed class ContractClause
{
    private readonly Func<ContractRun, Task> _verify;

    internal ContractClause(ContractTheme theme, string name, string promise, Func<ContractRun, Task> verify)
    {
        Theme = theme;
        Name = name;
        Promise = promise;
        _verify = verify;
    }

    /// <summary>The clause as a sentence. Every clause has a different one.</summary>
    public string Name { get; }

    /// <summary>What a caller can rely on because of it.</summary>
    public string Promise { get; }

    /// <summary>What it is about.</summary>
    public ContractTheme Theme { get; }

    /// <summary>Whether it counts requests to DynamoDB.</summary>
    /// <value><see langword="true"/> for the theme <see cref="ContractTheme.Requests"/>; a repository over another storage cannot keep these.</value>
    public bool CountsRequests => Theme == ContractTheme.Requests;

    /// <summary>Runs the clause.</summary>
    /// <param name="subject">The repository to test.</param>
    /// <param name="cancellationToken">Ends the run early.</param>
    /// <returns><see langword="true"/> when the clause holds; <see langword="false"/> when it does not apply, because the subject does not offer what it is about.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="subject"/> is <see langword="null"/>.</exception>
    /// <exception cref="ContractViolationException">The clause does not hold.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public async Task<bool> VerifyAsync(ContractSubject subject, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(subject);
        var run = new ContractRun(this, subject, cancellationToken);
        await using (run.ConfigureAwait(false))
        {
            try
            {
                await _verify(run).ConfigureAwait(false);
                return true;
            }
            catch (MissingCapabilityException)
            {
                return false;
            }
            catch (Exception exception) when (!IsNotCausedByRepository(exception))
            {
                throw new ContractViolationException(Name, "the repository threw what it must not throw", "no exception", exception.GetType().Name + ": " + exception.Message, exception);
            }
        }

        bool IsNotCausedByRepository(Exception exception) =>
            exception is ContractViolationException ||
            ReferenceEquals(exception, run.SubjectError) ||
            (exception is OperationCanceledException && cancellationToken.IsCancellationRequested);
    }

    /// <summary>The name.</summary>
    /// <returns><see cref="Name"/>.</returns>
    public override string ToString() => Name;
}
