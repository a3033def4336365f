using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace DigestStore.Benchmarks.Stub;

/// <summary>A DynamoDB of one table in memory. As a process of its own, it ends when its standard input does.</summary>
internal sealed class StubServer : IDisposable
{
    public const string Verb = "stub";
    public const string Tls = "--tls";

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly StubOperations _operations = new();
    private readonly X509Certificate2? _certificate;

    public StubServer(X509Certificate2? certificate = null)
    {
        _certificate = certificate;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(256);
        _ = AcceptAsync();
    }

    public Uri Url => new($"{(_certificate is null ? "http" : "https")}://{_listener.LocalEndPoint}/");

    public static async Task<int> RunAsync(string[] args)
    {
        using X509Certificate2? certificate = args.Contains(Tls) ? StubCertificate.Make() : null;
        using var server = new StubServer(certificate);
        await Console.Out.WriteLineAsync(server.Url.ToString());
        await Console.Out.WriteLineAsync(certificate?.ExportCertificatePem().ReplaceLineEndings(" "));

        // Reading from the console waits in a thread, so this takes no turn of the thread pool.
        await Task.Factory.StartNew(static () => Console.In.ReadToEnd(), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return 0;
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptAsync());
            }
        }
        catch (Exception disposed) when (disposed is SocketException or ObjectDisposedException)
        {
            // The server has ended.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        await using var plain = new NetworkStream(socket, ownsSocket: true);
        if (_certificate is null)
        {
            await new StubConnection(plain, _operations).ServeAsync();
            return;
        }

        await using var tls = new SslStream(plain);
        try
        {
            await tls.AuthenticateAsServerAsync(_certificate);
        }
        catch (Exception refused) when (refused is IOException or System.Security.Authentication.AuthenticationException)
        {
            await Console.Error.WriteLineAsync($"The stub's certificate was refused: {refused.Message}");
            return;
        }

        await new StubConnection(tls, _operations).ServeAsync();
    }
}
