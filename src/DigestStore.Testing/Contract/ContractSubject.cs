namespace DigestStore.Testing;

/// <summary>The repository that is tested against the contract, as a function that makes one over a storage.</summary>
/// <remarks>
/// One subject can serve all clauses, one after the other or at once: every clause uses a digest name that no other uses, so
/// nothing needs to be emptied between them.
/// </remarks>
public sealed class ContractSubject
{
    private readonly Func<DigestStoreOptions, TimeProvider, IDigestRepository> _createRepository;

    /// <summary>Makes a subject.</summary>
    /// <param name="createRepository">
    /// Makes a repository with the given settings and clock. It is called several times in one clause, for a second writer or for
    /// changed settings: all repositories of a subject must share one storage. The settings are fresh for each call, so the place
    /// of the storage (<see cref="DigestStoreOptions.TableName"/> and the like) can be set on them; the other settings must stay.
    /// Times that are stored or compared with must come from the clock; its timers and timestamps are those of the system. A
    /// repository that is disposable is disposed at the end of the clause.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="createRepository"/> is <see langword="null"/>.</exception>
    public ContractSubject(Func<DigestStoreOptions, TimeProvider, IDigestRepository> createRepository)
    {
        ArgumentNullException.ThrowIfNull(createRepository);
        _createRepository = createRepository;
    }

    /// <summary>Finds the history that belongs to a repository of the subject.</summary>
    /// <value>Default: the repository itself, if it is an <see cref="IDigestHistory"/>. With <see langword="null"/> as its result, clauses about the history are not run.</value>
    public Func<IDigestRepository, IDigestHistory?> History { get; init; } = static repository => repository as IDigestHistory;

    /// <summary>Finds the delivery that belongs to a repository of the subject.</summary>
    /// <value>Default: the repository itself, if it is an <see cref="IDigestDelivery"/>. With <see langword="null"/> as its result, clauses that deliver are not run.</value>
    public Func<IDigestRepository, IDigestDelivery?> Delivery { get; init; } = static repository => repository as IDigestDelivery;

    internal IDigestRepository CreateRepository(DigestStoreOptions options, TimeProvider clock) =>
        _createRepository(options, clock)
        ?? throw new InvalidOperationException($"The function of the {nameof(ContractSubject)} returned no repository. Return a new one over the subject's storage.");
}
