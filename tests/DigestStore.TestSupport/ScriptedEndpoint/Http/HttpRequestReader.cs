using System.Globalization;
using System.Text;

namespace DigestStore.TestSupport;

/// <summary>As much of HTTP/1.1 as an AWS SDK sends: a head, and a body with Content-Length.</summary>
internal sealed class HttpRequestReader(Stream stream)
{
    private const int MaxHead = 64 * 1024;
    private const int MaxBody = 64 * 1024 * 1024;

    private byte[] _buffer = new byte[8 * 1024];
    private int _filled;

    /// <summary>Waits for the first byte of the next request; false if the client closed the connection instead.</summary>
    public async Task<bool> WaitForRequestAsync(CancellationToken stop) => _filled > 0 || await FillAsync(stop) > 0;

    public async Task<HttpRequest> ReadAsync(CancellationToken stop)
    {
        int end;
        while ((end = _buffer.AsSpan(0, _filled).IndexOf("\r\n\r\n"u8)) < 0)
        {
            await MoreAsync(MaxHead, stop);
        }

        var headers = ParseHeaders(Encoding.ASCII.GetString(_buffer, 0, end));
        Consume(end + 4);
        if (headers.GetValueOrDefault("Expect", "").Equals("100-continue", StringComparison.OrdinalIgnoreCase))
        {
            await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), stop);
        }

        var length = int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture);
        while (_filled < length)
        {
            await MoreAsync(MaxBody, stop);
        }

        var body = _buffer[..length];
        Consume(length);
        return new HttpRequest(headers, body);
    }

    private static Dictionary<string, string> ParseHeaders(string head)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in head.Split("\r\n").Skip(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                headers[line[..colon].Trim()] = line[(colon + 1)..].Trim();
            }
        }

        return headers;
    }

    private async Task MoreAsync(int limit, CancellationToken stop)
    {
        if (_filled > limit)
        {
            throw new IOException($"The request is longer than {limit} bytes.");
        }

        if (await FillAsync(stop) == 0)
        {
            throw new EndOfStreamException("The client closed the connection in the middle of a request.");
        }
    }

    private async Task<int> FillAsync(CancellationToken stop)
    {
        if (_filled == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = await stream.ReadAsync(_buffer.AsMemory(_filled), stop);
        _filled += read;
        return read;
    }

    private void Consume(int count)
    {
        _buffer.AsSpan(count, _filled - count).CopyTo(_buffer);
        _filled -= count;
    }
}
