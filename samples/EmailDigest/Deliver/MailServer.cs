using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace EmailDigest.Deliver;

/// <summary>Delivers by SMTP, and tells apart what is known when that fails: refused for good, refused for now, or nobody knows.</summary>
internal sealed class MailServer(Uri server, IConfiguration environment, TimeProvider clock) : IMailer
{
    private const int FirstPermanentReply = 500; // RFC 5321 section 4.2.1: 4yz may succeed later, 5yz never will.
    private const int TlsPort = 465; // RFC 8314: encrypted from the first byte. At other ports encryption is asked for.
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan QuitTimeout = TimeSpan.FromSeconds(2);

    private string Place => server.Authority;

    public async Task<string> SendAsync(MimeMessage message, CancellationToken cancellationToken)
    {
        bool isGiven = TimeSpan.TryParse(environment["EmailDigest:SmtpTimeout"], CultureInfo.InvariantCulture, out TimeSpan timeout) && timeout > TimeSpan.Zero && timeout < TimeSpan.FromDays(1);
        using var late = new CancellationTokenSource(isGiven ? timeout : DefaultTimeout, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        using var client = new SmtpClient();
        await ConnectAsync(client, stop.Token);
        try
        {
            await client.SendAsync(EmailMessage.Format, message, stop.Token);
        }
        catch (SmtpCommandException refused)
        {
            bool isForGood = (int)refused.StatusCode >= FirstPermanentReply;
            throw new DeliveryFailedException(
                isForGood ? DeliveryFailureKind.Permanent : DeliveryFailureKind.Retry,
                $"The mail server {Place} refused the email {(isForGood ? "for good" : "for now")} ({(int)refused.StatusCode}): {EntryText.Clean(refused.Message, 200)}",
                refused);
        }
        catch (Exception failure)
        {
            // The connection broke, or no answer came. The server may have the message all the same.
            string how = failure is OperationCanceledException && late.IsCancellationRequested ? "did not answer in time" : "broke off";
            throw new DeliveryFailedException(DeliveryFailureKind.Uncertain, $"The mail server {Place} {how}, and may have taken the email ({failure.GetType().Name}).", failure);
        }

        await QuitAsync(client);
        return $"Sent by {Place} to {message.To}";
    }

    // No message was handed over yet, so whatever fails here has sent nothing.
    private async Task ConnectAsync(SmtpClient client, CancellationToken cancellationToken)
    {
        try
        {
            string? user = environment["EmailDigest:SmtpUser"];

            // A password never goes over an open line.
            SecureSocketOptions security = server.Port == TlsPort ? SecureSocketOptions.SslOnConnect : user is null ? SecureSocketOptions.StartTlsWhenAvailable : SecureSocketOptions.StartTls;
            await client.ConnectAsync(server.DnsSafeHost, server.Port, security, cancellationToken);
            if (user is not null)
            {
                await client.AuthenticateAsync(user, environment["EmailDigest:SmtpPassword"] ?? "", cancellationToken);
            }
        }
        catch (Exception failure)
        {
            throw new DeliveryFailedException(
                DeliveryFailureKind.Retry, $"The mail server {Place} cannot be used, and nothing was sent: {EntryText.Clean(failure.Message, 200)} Check --smtp, and run the same command again.", failure);
        }
    }

    // The message is accepted. How the connection ends changes nothing about it, and until it has, nothing is recorded.
    private async Task QuitAsync(SmtpClient client)
    {
        using var late = new CancellationTokenSource(QuitTimeout, clock);
        try
        {
            await client.DisconnectAsync(quit: true, late.Token);
        }
        catch (Exception)
        {
            // The server is gone, or does not answer.
        }
    }
}
