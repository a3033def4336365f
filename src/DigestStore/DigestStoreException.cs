namespace DigestStore;

/// <summary>An operation on the digest store could not be done.</summary>
/// <remarks>The message never holds content: DynamoDB's own error texts can echo the items sent, so they are left out.</remarks>
public class DigestStoreException : Exception
{
    /// <summary>Makes an exception with the reason <see cref="DigestStoreErrorReason.Unavailable"/>.</summary>
    public DigestStoreException()
        : this("The digest store is unavailable.")
    {
    }

    /// <summary>Makes an exception with the reason <see cref="DigestStoreErrorReason.Unavailable"/>.</summary>
    /// <param name="message">What happened and the remedy.</param>
    public DigestStoreException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with the reason <see cref="DigestStoreErrorReason.Unavailable"/>.</summary>
    /// <param name="message">What happened and the remedy.</param>
    /// <param name="innerException">The cause.</param>
    public DigestStoreException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="reason">Why the operation could not be done.</param>
    /// <param name="message">What happened and the remedy.</param>
    /// <param name="innerException">The cause.</param>
    public DigestStoreException(DigestStoreErrorReason reason, string message, Exception? innerException = null)
        : base(message, innerException) => Reason = reason;

    /// <summary>Why the operation could not be done.</summary>
    /// <value>Default <see cref="DigestStoreErrorReason.Unavailable"/>.</value>
    public DigestStoreErrorReason Reason { get; }

    /// <summary>The id that ties the operation to logs, audit and traces.</summary>
    /// <value>Default <see langword="null"/>: the exception came about outside of an operation.</value>
    public string? CorrelationId { get; init; }

    // The remedy that the table itself gave. It takes the place of the general one, which is about DynamoDB.
    internal string? Remedy { get; init; }
}
