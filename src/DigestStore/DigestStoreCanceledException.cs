namespace DigestStore;

/// <summary>The caller's own token ended a store call or a delivery; <see cref="Result"/> or <see cref="Delivery"/> says what was done by then.</summary>
public sealed class DigestStoreCanceledException : OperationCanceledException
{
    /// <summary>Makes an exception for a store call that had not begun.</summary>
    public DigestStoreCanceledException()
        : this(StoreResult.Create([]), CancellationToken.None)
    {
    }

    /// <summary>Makes an exception for a store call that had not begun.</summary>
    /// <param name="message">What happened.</param>
    public DigestStoreCanceledException(string message)
        : this(message, null)
    {
    }

    /// <summary>Makes an exception for a store call that had not begun.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">The cause.</param>
    public DigestStoreCanceledException(string message, Exception? innerException)
        : base(message, innerException) => Result = StoreResult.Create([]);

    /// <summary>Makes an exception that carries the result so far.</summary>
    /// <param name="result">What was stored by then.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="ArgumentNullException"><paramref name="result"/> is <see langword="null"/>.</exception>
    public DigestStoreCanceledException(StoreResult result, CancellationToken cancellationToken)
        : base(Describe(result), cancellationToken) => Result = result;

    /// <summary>Makes an exception that carries the result of a delivery.</summary>
    /// <param name="delivery">What became of the email by then.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="ArgumentNullException"><paramref name="delivery"/> is <see langword="null"/>.</exception>
    public DigestStoreCanceledException(DeliveryResult delivery, CancellationToken cancellationToken)
        : base(Describe(delivery), cancellationToken) => (Result, Delivery) = (StoreResult.Create([]), delivery);

    /// <summary>What became of every item taken from the input.</summary>
    /// <value>For a delivery: no item.</value>
    public StoreResult Result { get; }

    /// <summary>What became of the email, if a delivery was canceled.</summary>
    /// <value>Default <see langword="null"/>: a store was canceled.</value>
    public DeliveryResult? Delivery { get; }

    private static string Describe(DeliveryResult delivery)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        return $"The delivery was canceled by its caller. {delivery} Delivering the same day again is safe.";
    }

    private static string Describe(StoreResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return $"The store was canceled by its caller after {result.Stored} of {result.Received} items were known to be in the table. Storing the same items again is safe.";
    }
}
