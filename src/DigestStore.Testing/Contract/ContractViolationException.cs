namespace DigestStore.Testing;

/// <summary>A repository does not keep a clause of the contract, or a clause was not run.</summary>
public sealed class ContractViolationException : Exception
{
    /// <summary>Makes an exception without a clause.</summary>
    public ContractViolationException()
        : this("The contract is broken.")
    {
    }

    /// <summary>Makes an exception without a clause.</summary>
    /// <param name="message">What is broken.</param>
    public ContractViolationException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception without a clause.</summary>
    /// <param name="message">What is broken.</param>
    /// <param name="innerException">The cause.</param>
    public ContractViolationException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes an exception for a clause.</summary>
    /// <param name="clause">The name of the clause.</param>
    /// <param name="subject">What was looked at.</param>
    /// <param name="expected">What the clause wants it to be.</param>
    /// <param name="actual">What it is.</param>
    /// <param name="innerException">What the repository threw, if that broke the clause.</param>
    public ContractViolationException(string clause, string subject, string expected, string actual, Exception? innerException = null)
        : base($"'{clause}' does not hold: {subject}.{Environment.NewLine}  Expected: {expected}{Environment.NewLine}  Actual:   {actual}", innerException)
    {
        Clause = clause;
        Expected = expected;
        Actual = actual;
    }

    /// <summary>The name of the clause that does not hold.</summary>
    /// <value>Default <see langword="null"/>: the exception is about several clauses.</value>
    public string? Clause { get; }

    /// <summary>What the clause wants.</summary>
    /// <value>Default <see langword="null"/>.</value>
    public string? Expected { get; }

    /// <summary>What was found instead.</summary>
    /// <value>Default <see langword="null"/>.</value>
    public string? Actual { get; }
}
