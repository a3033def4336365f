using System.Collections.ObjectModel;

namespace DigestStore.Testing;

/// <summary>Every promise of <see cref="IDigestRepository"/> as a clause that any implementation can be tested against.</summary>
/// <remarks>
/// It depends on no test framework: a clause that does not hold throws <see cref="ContractViolationException"/>. The library's own
/// tests run it on the in-memory repository and on two DynamoDB engines. <c>docs/testing.md</c> shows how to run it on a repository
/// of one's own.
/// </remarks>
public static class DigestRepositoryContract
{
    /// <summary>All clauses, by theme.</summary>
    /// <value>New versions of the library may add clauses.</value>
    public static IReadOnlyList<ContractClause> Clauses { get; } = new ReadOnlyCollection<ContractClause>(
    [
        .. StoringClauses.All,
        .. StoringAgainClauses.All,
        .. DuplicateClauses.All,
        .. RejectingClauses.All,
        .. InputClauses.All,
        .. StreamClauses.All,
        .. CancelingClauses.All,
        .. DisablingClauses.All,
        .. ReadingClauses.All,
        .. DeletingClauses.All,
        .. ExpiryClauses.All,
        .. IdentityClauses.All,
        .. ConcurrencyClauses.All,
        .. ReportingClauses.All,
        .. RequestClauses.All,
        .. DeliveryClauses.All,
        .. DeliveryStateClauses.All,
        .. HistoryClauses.All,
        .. DayListClauses.All,
        .. DayDeletionClauses.All,
    ]);

    /// <summary>Finds a clause.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The clause.</returns>
    /// <exception cref="ArgumentException">No clause has this name.</exception>
    public static ContractClause Find(string name) =>
        Clauses.FirstOrDefault(clause => string.Equals(clause.Name, name, StringComparison.Ordinal))
        ?? throw new ArgumentException($"The contract has no clause '{name}'. Take the name from {nameof(DigestRepositoryContract)}.{nameof(Clauses)}.", nameof(name));

    /// <summary>Runs all clauses, one after the other, and reports every one that does not hold.</summary>
    /// <param name="subject">The repository to test.</param>
    /// <param name="except">
    /// Clauses to leave out, for example <see cref="ContractClause.CountsRequests"/> over another storage; <see langword="null"/> for none.
    /// </param>
    /// <param name="cancellationToken">Ends the run early.</param>
    /// <returns>Which clauses hold, and which do not apply, because the subject does not offer what they are about.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="subject"/> is <see langword="null"/>.</exception>
    /// <exception cref="ContractViolationException">Clauses do not hold; the message has each with what was expected and found.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public static async Task<ContractReport> VerifyAllAsync(ContractSubject subject, Func<ContractClause, bool>? except = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(subject);
        List<ContractViolationException> violations = [];
        List<ContractClause> verified = [];
        List<ContractClause> notApplicable = [];
        foreach (ContractClause clause in Clauses.Where(clause => except is null || !except(clause)))
        {
            try
            {
                (await clause.VerifyAsync(subject, cancellationToken).ConfigureAwait(false) ? verified : notApplicable).Add(clause);
            }
            catch (ContractViolationException violation)
            {
                violations.Add(violation);
            }
        }

        if (violations.Count > 0)
        {
            throw new ContractViolationException(
                $"{violations.Count} of {Clauses.Count} clauses do not hold:{Environment.NewLine}{string.Join(Environment.NewLine, violations.Select(violation => violation.Message))}",
                new AggregateException(violations));
        }

        return new ContractReport(verified, notApplicable);
    }
}
