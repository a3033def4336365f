using System.Net.Sockets;

namespace DigestStore.TestSupport;

/// <summary>One accepted socket and the ways to end it.</summary>
internal sealed class Connection(Socket socket)
{
    private const int Idle = 0;
    private const int Working = 1;
    private const int Closed = 2;

    // From netinet/in.h and netinet/tcp.h.
    private const int IpProtoTcp = 6;
    private const int TcpCork = 3;

    private int _state;

    public NetworkStream Stream { get; } = NoDelay(socket);

    /// <summary>False if the connection was closed in between.</summary>
    public bool BeginWork() => Interlocked.CompareExchange(ref _state, Working, Idle) == Idle;

    public void EndWork() => Interlocked.CompareExchange(ref _state, Idle, Working);

    public void CloseIfIdle()
    {
        if (Interlocked.CompareExchange(ref _state, Closed, Idle) == Idle)
        {
            Finish();
        }
    }

    /// <summary>From here on the kernel keeps the last packet back until the FIN (Linux only; elsewhere the FIN follows a moment later).</summary>
    public void HoldBack()
    {
        if (OperatingSystem.IsLinux())
        {
            socket.SetRawSocketOption(IpProtoTcp, TcpCork, BitConverter.GetBytes(1));
        }
    }

    /// <summary>A RST: unsent data is thrown away and the client sees a reset.</summary>
    public void Reset()
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Closed already.
        }

        socket.Dispose();
    }

    /// <summary>A FIN: what was sent arrives, then the stream ends.</summary>
    public void Finish()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Closed already.
        }

        socket.Dispose();
    }

    private static NetworkStream NoDelay(Socket socket)
    {
        socket.NoDelay = true;
        return new NetworkStream(socket, ownsSocket: false);
    }
}
