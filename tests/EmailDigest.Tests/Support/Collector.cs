using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace EmailDigest.Tests.Support;

/// <summary>An OTLP collector on a free loopback port: keeps what is posted and says 200. Or one that takes connections and never answers.</summary>
internal sealed class Collector(bool isSilent = false) : LoopbackServer
{
    private readonly ConcurrentQueue<(string Path, Proto Body)> _posts = new();
    private readonly ConcurrentQueue<string> _heads = new();

    /// <summary>The request lines and headers, as they came.</summary>
    public IReadOnlyCollection<string> Heads => _heads;

    public IEnumerable<Proto> Posts(string path) => _posts.Where(post => post.Path == path).Select(post => post.Body);

    protected override async Task ServeAsync(NetworkStream stream, CancellationToken stop)
    {
        while (await ReadHeadAsync(stream, stop) is { } head)
        {
            byte[] body = new byte[LengthOf(head)];
            await stream.ReadExactlyAsync(body, stop);
            _heads.Enqueue(head);
            _posts.Enqueue((head.Split(' ')[1], Proto.Parse(body)));
            HasCome();
            if (isSilent)
            {
                await Task.Delay(Timeout.Infinite, stop);
            }

            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), stop);
        }
    }

    private static async Task<string?> ReadHeadAsync(NetworkStream stream, CancellationToken stop)
    {
        var head = new StringBuilder();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, stop) == 0)
            {
                return null;
            }

            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    private static int LengthOf(string head) => int.Parse(
        head.Split("\r\n").Single(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)).Split(':')[1], CultureInfo.InvariantCulture);
}
