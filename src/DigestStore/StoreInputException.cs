namespace DigestStore;

/// <summary>Stands for the exception of an input (<see cref="StoreResult.InputError"/>) in a <see cref="StoreResult"/> that was read from JSON.</summary>
/// <remarks>The JSON has only the name of the exception's type and its message, so the exception itself cannot be made again.</remarks>
public sealed class StoreInputException : Exception
{
    /// <summary>Makes an exception of what is known about another one.</summary>
    /// <param name="originalType">The full name of its type.</param>
    /// <param name="message">Its message.</param>
    /// <exception cref="ArgumentNullException"><paramref name="originalType"/> is <see langword="null"/>.</exception>
    public StoreInputException(string originalType, string message)
        : base(message)
    {
        ArgumentNullException.ThrowIfNull(originalType);
        OriginalType = originalType;
    }

    /// <summary>The full name of the type of the exception that the input threw, for example <c>System.IO.IOException</c>.</summary>
    public string OriginalType { get; }
}
