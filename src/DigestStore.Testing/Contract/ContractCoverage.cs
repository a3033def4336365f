using System.Collections.Concurrent;

namespace DigestStore.Testing;

/// <summary>Runs clauses one by one and knows which were not run, so that none is skipped unnoticed.</summary>
/// <remarks>For test frameworks that show each clause as a test of its own. Safe for concurrent use.</remarks>
public sealed class ContractCoverage
{
    // False for a clause that does not apply to the subject.
    private readonly ConcurrentDictionary<string, bool> _verified = new(StringComparer.Ordinal);

    /// <summary>The clauses that were not run, in the order of <see cref="DigestRepositoryContract.Clauses"/>.</summary>
    public IReadOnlyList<ContractClause> Missing =>
        [.. DigestRepositoryContract.Clauses.Where(clause => !_verified.ContainsKey(clause.Name))];

    /// <summary>The clauses that were run and do not apply, because the subject does not offer what they are about.</summary>
    public IReadOnlyList<ContractClause> NotApplicable =>
        [.. DigestRepositoryContract.Clauses.Where(clause => _verified.TryGetValue(clause.Name, out bool applies) && !applies)];

    /// <summary>Runs a clause and remembers that it was run, whether it held or not; one that was skipped or broken off was not.</summary>
    /// <param name="clause">The name of the clause.</param>
    /// <param name="subject">The repository to test.</param>
    /// <param name="cancellationToken">Ends the run early.</param>
    /// <returns><see langword="true"/> when the clause holds; <see langword="false"/> when it does not apply.</returns>
    /// <exception cref="ArgumentException">No clause has this name.</exception>
    /// <exception cref="ContractViolationException">The clause does not hold.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public async Task<bool> VerifyAsync(string clause, ContractSubject subject, CancellationToken cancellationToken = default)
    {
        ContractClause found = DigestRepositoryContract.Find(clause);
        try
        {
            return _verified[found.Name] = await found.VerifyAsync(subject, cancellationToken).ConfigureAwait(false);
        }
        catch (ContractViolationException)
        {
            // A clause that does not hold was run. After any other exception the clause does not count as run; a test framework may throw one to
            // skip a test, for example.
            _verified[found.Name] = true;
            throw;
        }
    }

    /// <summary>Throws unless every clause was run.</summary>
    /// <param name="except">
    /// Clauses that need not be run, for example <see cref="ContractClause.CountsRequests"/> over another storage; <see langword="null"/> for none.
    /// </param>
    /// <exception cref="ContractViolationException">Clauses were not run; the message names them.</exception>
    public void EnsureComplete(Func<ContractClause, bool>? except = null)
    {
        string[] missing = [.. Missing.Where(clause => except is null || !except(clause)).Select(clause => clause.Name)];
        if (missing.Length > 0)
        {
            throw new ContractViolationException(
                $"{missing.Length} of {DigestRepositoryContract.Clauses.Count} clauses were not run:{Environment.NewLine}  {string.Join(Environment.NewLine + "  ", missing)}");
        }
    }
}
