namespace DigestStore.Testing;

/// <summary>A clause of the contract is about an interface that the repository does not have, so it was not run.</summary>
public sealed class ContractNotApplicableException : Exception
{
    /// <summary>Makes an exception.</summary>
    public ContractNotApplicableException()
        : this("The repository lacks an interface that the clause is about.")
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What is missing.</param>
    public ContractNotApplicableException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What is missing.</param>
    /// <param name="innerException">The cause.</param>
    public ContractNotApplicableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
