using MimeKit;

namespace EmailDigest.Deliver;

/// <summary>Where emails go.</summary>
internal interface IMailer
{
    /// <summary>Hands a message over.</summary>
    /// <returns>What was done with it, for the person at the console.</returns>
    /// <exception cref="DeliveryFailedException">It was not taken, or nobody knows whether it was; the kind says which.</exception>
    Task<string> SendAsync(MimeMessage message, CancellationToken cancellationToken);
}
