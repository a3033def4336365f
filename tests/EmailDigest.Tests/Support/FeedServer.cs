using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EmailDigest.Tests.Support;

/// <summary>A web server on a free loopback port that answers each path with the bytes that a test gives, whatever they are.</summary>
internal sealed class FeedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, Func<NetworkStream, CancellationToken, Task>> _answers = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _accepting;
    private int _requests;

    public FeedServer()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public int Requests => _requests;

    /// <summary>Ends when the first request has come.</summary>
    public Task Asked => _asked.Task;

    /// <summary>Answers with a document.</summary>
    /// <returns>Its address.</returns>
    public string Document(string path, ReadOnlySpan<byte> body, string head = "HTTP/1.1 200 OK")
    {
        byte[] answer = [.. Encoding.ASCII.GetBytes($"{head}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n"), .. body];
        return Answer(path, (stream, token) => stream.WriteAsync(answer, token).AsTask());
    }

    public string Document(string path, string body, string head = "HTTP/1.1 200 OK") => Document(path, Encoding.UTF8.GetBytes(body), head);

    /// <summary>Answers for ever, with the same bytes again and again.</summary>
    public string Endless(string path, string again) => Answer(path, async (stream, token) =>
    {
        await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), token);
        byte[] bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(again, 1000)));
        while (true)
        {
            await stream.WriteAsync(bytes, token);
        }
    });

    /// <summary>Begins an answer and never goes on.</summary>
    public string Stalled(string path) => Answer(path, async (stream, token) =>
    {
        await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n<rss><channel>"u8.ToArray(), token);
        await Task.Delay(Timeout.Infinite, token);
    });

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private string Answer(string path, Func<NetworkStream, CancellationToken, Task> answer)
    {
        _answers[path] = answer;
        return Address + path;
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
                string path = (await reader.ReadLineAsync(_stop.Token))?.Split(' ')[1] ?? "";
                while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 })
                {
                }

                Interlocked.Increment(ref _requests);
                _asked.TrySetResult();
                if (_answers.TryGetValue(path, out Func<NetworkStream, CancellationToken, Task>? answer))
                {
                    await answer(stream, _stop.Token);
                }
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException or SocketException)
            {
                // The client went away, or the test is over.
            }
        }
    }
}
