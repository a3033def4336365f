using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DigestStore.FaultTests;

/// <summary>Speaks TLS with a certificate of the test's choice, and counts who spoke to it.</summary>
internal sealed class TlsListener : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly X509Certificate2 _certificate;
    private readonly Task _serving;
    private int _connections;
    private int _bytes;

    private TlsListener(X509Certificate2 certificate)
    {
        _certificate = certificate;
        _listener.Start();
        _serving = Task.Run(ServeAsync);
    }

    public string Url => $"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/";

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>What clients sent through the tunnel: nothing, unless they trust it.</summary>
    public int BytesReceived => Volatile.Read(ref _bytes);

    /// <param name="host">The name or address that the certificate is for.</param>
    /// <param name="notBefore">When it begins to be valid.</param>
    /// <param name="notAfter">When it ends to be valid.</param>
    /// <param name="authority">Who signs it; null for itself, whom nobody trusts.</param>
    public static TlsListener Start(string host, DateTimeOffset notBefore, DateTimeOffset notAfter, X509Certificate2? authority = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out IPAddress? address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        if (authority is null)
        {
            return new TlsListener(request.CreateSelfSigned(notBefore, notAfter));
        }

        using X509Certificate2 signed = request.Create(authority, notBefore, notAfter, RandomNumberGenerator.GetBytes(8));
        return new TlsListener(signed.CopyWithPrivateKey(key));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving;
        _certificate.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                await using var tunnel = new SslStream(client.GetStream());
                await tunnel.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
                Interlocked.Add(ref _bytes, await tunnel.ReadAsync(new byte[1024], _stop.Token));
            }
            catch (Exception exception) when (exception is IOException or AuthenticationException or OperationCanceledException or SocketException)
            {
                // Clients that refuse the certificate hang up.
            }
        }
    }
}
