namespace DigestStore;

/// <summary>An email was not sent. The delegate of <see cref="IDigestDelivery.DeliverAsync"/> throws it to say what is known, and the library throws it for a caller who asks for an exception.</summary>
public class DeliveryFailedException : Exception
{
    /// <summary>Makes an exception for a failure of the kind <see cref="DeliveryFailureKind.Uncertain"/>.</summary>
    public DeliveryFailedException()
        : this("The email was not sent as it should, and nobody knows whether it was accepted.")
    {
    }

    /// <summary>Makes an exception for a failure of the kind <see cref="DeliveryFailureKind.Uncertain"/>.</summary>
    /// <param name="message">Words for operators, without any content of the email.</param>
    public DeliveryFailedException(string message)
        : this(message, null)
    {
    }

    /// <summary>Makes an exception for a failure of the kind <see cref="DeliveryFailureKind.Uncertain"/>.</summary>
    /// <param name="message">Words for operators, without any content of the email.</param>
    /// <param name="innerException">The cause.</param>
    public DeliveryFailedException(string message, Exception? innerException)
        : this(DeliveryFailureKind.Uncertain, message, innerException)
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="kind">What is known about the failure.</param>
    /// <param name="message">Words for operators, without any content of the email. They are kept with the day.</param>
    /// <param name="innerException">The cause; it is not kept with the day.</param>
    public DeliveryFailedException(DeliveryFailureKind kind, string message, Exception? innerException = null)
        : base(message, innerException) => Kind = Delivery.DeliveryStates.Known(kind);

    /// <summary>What is known about the failure.</summary>
    /// <value>Default <see cref="DeliveryFailureKind.Uncertain"/>, which a value that is none of the enumeration becomes too.</value>
    public DeliveryFailureKind Kind { get; }

    /// <summary>The result of the delivery, if the library threw the exception.</summary>
    /// <value>Default <see langword="null"/>.</value>
    public DeliveryResult? Result { get; init; }
}
