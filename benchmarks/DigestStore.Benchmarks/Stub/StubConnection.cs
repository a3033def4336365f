using System.Buffers;
using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace DigestStore.Benchmarks.Stub;

/// <summary>HTTP/1.1 with keep-alive and content lengths, over a bare socket: the server must cost as little as it can.</summary>
internal sealed class StubConnection(Socket socket, StubOperations operations)
{
    public const string ControlPath = "/control";

    private readonly ArrayBufferWriter<byte> _body = new(64 * 1024);
    private readonly ArrayBufferWriter<byte> _answer = new(64 * 1024);
    private byte[] _buffer = new byte[64 * 1024];
    private int _length;

    public async Task ServeAsync()
    {
        using Socket owned = socket;
        socket.NoDelay = true;
        try
        {
            while (true)
            {
                int headerEnd = await ReceiveHeadersAsync();
                int contentAt = headerEnd + 4;
                int contentLength = Number(Header(headerEnd, "content-length"u8));
                if (Header(headerEnd, "expect"u8).Length > 0)
                {
                    await socket.SendAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray());
                }

                while (_length < contentAt + contentLength)
                {
                    await ReceiveAsync();
                }

                await AnswerAsync(headerEnd, contentAt, contentLength);
                int used = contentAt + contentLength;
                _buffer.AsSpan(used, _length - used).CopyTo(_buffer);
                _length -= used;
            }
        }
        catch (Exception gone) when (gone is SocketException or EndOfStreamException)
        {
            // The peer has closed its connection.
        }
        catch (Exception broken)
        {
            await Console.Error.WriteLineAsync($"The stub cannot answer: {broken}");
        }
    }

    private async Task AnswerAsync(int headerEnd, int contentAt, int contentLength)
    {
        _body.ResetWrittenCount();
        _answer.ResetWrittenCount();
        if (_buffer.AsSpan(0, headerEnd).IndexOf(Encoding.ASCII.GetBytes(ControlPath)) is > 0 and < 16)
        {
            Control(contentAt, contentLength);
            await socket.SendAsync(_answer.WrittenMemory);
            return;
        }

        int status = operations.Answer(Header(headerEnd, "x-amz-target"u8), _buffer.AsSpan(contentAt, contentLength), _body);
        Respond(status);
        operations.CountBytes(contentAt + contentLength, _answer.WrittenCount);
        if (operations.Settings.LatencyMilliseconds > 0)
        {
            await Task.Delay(operations.Settings.LatencyMilliseconds);
        }

        await socket.SendAsync(_answer.WrittenMemory);
    }

    // Answers with the counters, and sets them to zero; a body has the new settings.
    private void Control(int contentAt, int contentLength)
    {
        if (contentLength > 0)
        {
            operations.Configure(JsonSerializer.Deserialize<StubSettings>(_buffer.AsSpan(contentAt, contentLength))!);
        }

        _body.Write(JsonSerializer.SerializeToUtf8Bytes(operations.Take()));
        Respond(200);
    }

    private void Respond(int status)
    {
        Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {status} {(status == 200 ? "OK" : "Bad Request")}\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: {_body.WrittenCount}\r\nx-amzn-RequestId: STUB\r\n\r\n",
            _answer);
        _answer.Write(_body.WrittenSpan);
    }

    private async ValueTask<int> ReceiveHeadersAsync()
    {
        while (true)
        {
            int end = _buffer.AsSpan(0, _length).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                return end;
            }

            await ReceiveAsync();
        }
    }

    private async ValueTask ReceiveAsync()
    {
        if (_length == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        int received = await socket.ReceiveAsync(_buffer.AsMemory(_length));
        _length += received > 0 ? received : throw new EndOfStreamException();
    }

    private ReadOnlySpan<byte> Header(int headerEnd, ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> rest = _buffer.AsSpan(0, headerEnd);
        while (rest.IndexOf("\r\n"u8) is >= 0 and int end)
        {
            rest = rest[(end + 2)..];
            if (rest.Length > name.Length && rest[name.Length] == ':' && Ascii.EqualsIgnoreCase(rest[..name.Length], name))
            {
                ReadOnlySpan<byte> value = rest[(name.Length + 1)..];
                int valueEnd = value.IndexOf("\r\n"u8);
                return (valueEnd < 0 ? value : value[..valueEnd]).Trim(" "u8);
            }
        }

        return [];
    }

    private static int Number(ReadOnlySpan<byte> text) => Utf8Parser.TryParse(text, out int number, out _) ? number : 0;
}
