using System.Net.Sockets;
using System.Text;

namespace EmailDigest.Tests.Support;

/// <summary>A web server on a free loopback port that answers each path with the bytes that a test gives, whatever they are.</summary>
internal sealed class FeedServer : LoopbackServer
{
    private readonly Dictionary<string, Func<NetworkStream, CancellationToken, Task>> _answers = new(StringComparer.Ordinal);
    private int _requests;

    public int Requests => _requests;

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

    protected override async Task ServeAsync(NetworkStream stream, CancellationToken stop)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        string path = (await reader.ReadLineAsync(stop))?.Split(' ')[1] ?? "";
        while (await reader.ReadLineAsync(stop) is { Length: > 0 })
        {
        }

        Interlocked.Increment(ref _requests);
        HasCome();
        if (_answers.TryGetValue(path, out Func<NetworkStream, CancellationToken, Task>? answer))
        {
            await answer(stream, stop);
        }
    }

    private string Answer(string path, Func<NetworkStream, CancellationToken, Task> answer)
    {
        _answers[path] = answer;
        return Address + path;
    }
}
