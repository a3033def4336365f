using DigestStore.Testing;

namespace DigestStore.ContractTests;

// The kit itself.
public sealed class ContractKitTests
{
    private static readonly ContractSubject NoRepository = new((_, _) => throw new NotSupportedException("no storage here"));

    [Fact]
    public void Clauses_have_names_promises_and_every_theme()
    {
        IReadOnlyList<ContractClause> clauses = DigestRepositoryContract.Clauses;

        Assert.Equal(clauses.Count, clauses.Select(clause => clause.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(clauses, clause => Assert.False(string.IsNullOrWhiteSpace(clause.Name) || string.IsNullOrWhiteSpace(clause.Promise)));
        Assert.Equal(Enum.GetValues<ContractTheme>(), clauses.Select(clause => clause.Theme).Distinct().Order());
        Assert.All(clauses, clause => Assert.Equal(clause.Name, clause.ToString()));
        Assert.All(clauses, clause => Assert.Equal(clause.Theme == ContractTheme.Requests, clause.CountsRequests));
    }

    [Fact]
    public void A_clause_is_found_by_its_name()
    {
        ContractClause last = DigestRepositoryContract.Clauses[^1];

        Assert.Same(last, DigestRepositoryContract.Find(last.Name));
        ArgumentException thrown = Assert.Throws<ArgumentException>(() => DigestRepositoryContract.Find("No such promise"));
        Assert.StartsWith("The contract has no clause 'No such promise'.", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Coverage_names_what_was_not_run()
    {
        var coverage = new ContractCoverage();
        ContractClause first = DigestRepositoryContract.Clauses[0];
        var broken = new ContractSubject((_, _) => new ThrowingRepository());
        await Assert.ThrowsAsync<ContractViolationException>(() => coverage.VerifyAsync(first.Name, broken, TestContext.Current.CancellationToken));

        Assert.DoesNotContain(first, coverage.Missing);
        Assert.Equal(DigestRepositoryContract.Clauses.Count - 1, coverage.Missing.Count);
        ContractViolationException thrown = Assert.Throws<ContractViolationException>(() => coverage.EnsureComplete());
        Assert.Contains(DigestRepositoryContract.Clauses[1].Name, thrown.Message, StringComparison.Ordinal);
        coverage.EnsureComplete(except: clause => clause != first);
    }

    [Fact]
    public async Task A_clause_that_was_skipped_counts_as_not_run()
    {
        var coverage = new ContractCoverage();
        ContractClause first = DigestRepositoryContract.Clauses[0];

        await Assert.ThrowsAsync<NotSupportedException>(() => coverage.VerifyAsync(first.Name, NoRepository, TestContext.Current.CancellationToken));

        Assert.Contains(first, coverage.Missing);
    }

    [Fact]
    public async Task What_the_subject_itself_throws_is_no_violation() =>
        await Assert.ThrowsAsync<NotSupportedException>(() => DigestRepositoryContract.Clauses[0].VerifyAsync(NoRepository, TestContext.Current.CancellationToken));

    [Fact]
    public async Task What_a_repository_throws_is_one()
    {
        var subject = new ContractSubject((_, _) => new ThrowingRepository());
        ContractClause clause = DigestRepositoryContract.Clauses[0];

        ContractViolationException thrown = await Assert.ThrowsAsync<ContractViolationException>(() => clause.VerifyAsync(subject, TestContext.Current.CancellationToken));
        Assert.Equal((clause.Name, "no exception", "NotImplementedException: not yet"), (thrown.Clause, thrown.Expected, thrown.Actual));
        Assert.IsType<NotImplementedException>(thrown.InnerException);
    }

    [Fact]
    public async Task A_subject_that_does_not_deliver_runs_without_that_theme_and_the_report_says_so()
    {
        var storage = new InMemoryDigestStorage();
        var subject = new ContractSubject((options, clock) => new InMemoryDigestRepository(options, storage, new DigestStoreServices { TimeProvider = clock }), static _ => null);
        var coverage = new ContractCoverage();
        ContractClause[] delivery = [.. DigestRepositoryContract.Clauses.Where(clause => clause.Theme == ContractTheme.Delivery)];

        Assert.False(await delivery[0].VerifyAsync(subject, TestContext.Current.CancellationToken));
        Assert.False(await coverage.VerifyAsync(delivery[0].Name, subject, TestContext.Current.CancellationToken));
        Assert.Equal([delivery[0]], coverage.NotApplicable);
        Assert.DoesNotContain(delivery[0], coverage.Missing);
        ContractReport report = await DigestRepositoryContract.VerifyAllAsync(
            subject, except: clause => clause.Theme is not (ContractTheme.Delivery or ContractTheme.Deleting), TestContext.Current.CancellationToken);
        Assert.Equal(delivery, report.NotApplicable);
        Assert.All(report.Verified, static clause => Assert.Equal(ContractTheme.Deleting, clause.Theme));
        Assert.Equal($"{report.Verified.Count} clauses hold. Left out, since the subject does not offer it: Delivery ({delivery.Length} clauses).", report.ToString());
    }

    [Fact]
    public async Task All_violations_are_reported_together()
    {
        var subject = new ContractSubject((_, _) => new ThrowingRepository());
        int count = DigestRepositoryContract.Clauses.Count(clause => clause.Theme == ContractTheme.Deleting);

        ContractViolationException thrown = await Assert.ThrowsAsync<ContractViolationException>(() =>
            DigestRepositoryContract.VerifyAllAsync(subject, except: clause => clause.Theme != ContractTheme.Deleting, TestContext.Current.CancellationToken));
        Assert.Equal(count, Assert.IsType<AggregateException>(thrown.InnerException).InnerExceptions.Count);
        Assert.Null(thrown.Clause);
    }

    private sealed class ThrowingRepository : IDigestRepository
    {
        public Task<StoreResult> StoreAsync(DateOnly date, IEnumerable<DigestItem> items, StoreCallOptions? options = null, CancellationToken cancellationToken = default) => throw new NotImplementedException("not yet");

        public Task<StoreResult> StoreAsync(DateOnly date, IAsyncEnumerable<DigestItem> items, StoreCallOptions? options = null, CancellationToken cancellationToken = default) => throw new NotImplementedException("not yet");

        public Task<Digest> GetAsync(DateOnly date, CancellationToken cancellationToken = default) => throw new NotImplementedException("not yet");

        public IAsyncEnumerable<StoredDigestItem> ReadAsync(DateOnly date, CancellationToken cancellationToken = default) => throw new NotImplementedException("not yet");

        public Task<StoredDigestItem?> FindAsync(DateOnly date, string url, CancellationToken cancellationToken = default) => throw new NotImplementedException("not yet");

        public Task<StoredDigestItem?> FindAsync(DateOnly date, DigestItemId id, CancellationToken cancellationToken = default) => throw new NotImplementedException("not yet");

        public Task<bool> DeleteAsync(DateOnly date, string url, CancellationToken cancellationToken = default) => throw new NotImplementedException("not yet");

        public Task<bool> DeleteAsync(DateOnly date, DigestItemId id, CancellationToken cancellationToken = default) => throw new NotImplementedException("not yet");
    }
}
