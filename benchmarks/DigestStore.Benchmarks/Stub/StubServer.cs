using System.Net;
using System.Net.Sockets;

namespace DigestStore.Benchmarks.Stub;

/// <summary>A DynamoDB of one table in memory, as a process of its own; ends when its standard input does.</summary>
internal static class StubServer
{
    public const string Verb = "stub";

    public static async Task<int> RunAsync()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(256);
        await Console.Out.WriteLineAsync($"{((IPEndPoint)listener.LocalEndPoint!).Port}");
        _ = AcceptAsync(listener);

        // Reading from the console waits in a thread, so this takes no turn of the thread pool.
        await Task.Factory.StartNew(static () => Console.In.ReadToEnd(), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return 0;
    }

    private static async Task AcceptAsync(Socket listener)
    {
        var operations = new StubOperations();
        while (true)
        {
            Socket socket = await listener.AcceptAsync();
            _ = new StubConnection(socket, operations).ServeAsync();
        }
    }
}
