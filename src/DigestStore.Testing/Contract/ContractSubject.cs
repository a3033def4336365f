namespace DigestStore.Testing;

/// <summary>The repository that is tested against the contract, as a function that makes one over a storage.</summary>
/// <remarks>
/// One subject can serve all clauses, one after the other or at once: every clause uses a digest name that no other uses, so
/// nothing needs to be emptied between them.
/// </remarks>
public sealed class ContractSubject
{
    private readonly Func<DigestStoreOptions, TimeProvider, IDigestRepository> _createRepository;
    private readonly Func<IDigestRepository, IDigestDelivery?> _deliveryOf;
    private readonly Func<IDigestRepository, IDigestHistory?> _historyOf;

    /// <summary>Makes a subject.</summary>
    /// <param name="createRepository">
    /// Makes a repository with the given settings and clock. It is called several times in one clause, for a second writer or for
    /// changed settings: all repositories of a subject must share one storage. The settings are fresh for each call, so the place
    /// of the storage (<see cref="DigestStoreOptions.TableName"/> and the like) can be set on them; the other settings must stay.
    /// Times that are stored or compared with must come from the clock; its timers and timestamps are those of the system. A
    /// repository that is disposable is disposed at the end of the clause.
    /// </param>
    /// <param name="deliveryOf">
    /// Returns the delivery of a repository that <paramref name="createRepository"/> has made, over the same storage and with the same clock. <see langword="null"/> if the
    /// repository itself is one, or there is none: then the clauses of the theme <see cref="ContractTheme.Delivery"/> do not apply, and <see cref="ContractReport"/> and
    /// <see cref="ContractCoverage"/> say so.
    /// </param>
    /// <param name="historyOf">Returns the history of such a repository, in the same way, for the theme <see cref="ContractTheme.History"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="createRepository"/> is <see langword="null"/>.</exception>
    public ContractSubject(
        Func<DigestStoreOptions, TimeProvider, IDigestRepository> createRepository, Func<IDigestRepository, IDigestDelivery?>? deliveryOf = null, Func<IDigestRepository, IDigestHistory?>? historyOf = null)
    {
        ArgumentNullException.ThrowIfNull(createRepository);
        _createRepository = createRepository;
        _deliveryOf = deliveryOf ?? (static repository => repository as IDigestDelivery);
        _historyOf = historyOf ?? (static repository => repository as IDigestHistory);
    }

    internal IDigestDelivery? DeliveryOf(IDigestRepository repository) => _deliveryOf(repository);

    internal IDigestHistory? HistoryOf(IDigestRepository repository) => _historyOf(repository);

    internal IDigestRepository CreateRepository(DigestStoreOptions options, TimeProvider clock) =>
        _createRepository(options, clock)
        ?? throw new InvalidOperationException($"The function of the {nameof(ContractSubject)} returned no repository. Return a new one over the subject's storage.");
}
