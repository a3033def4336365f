using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;

namespace DigestStore.Benchmarks.Stub;

/// <summary>HTTP/1.1 with keep-alive, read and written by hand: the server must cost as little as it can.</summary>
internal sealed class StubConnection(Stream stream, StubOperations operations)
{
    public const string ControlPath = "/control";
    public const string DelaysPath = "/control/delays";

    private readonly ArrayBufferWriter<byte> _body = new(64 * 1024);
    private readonly ArrayBufferWriter<byte> _answer = new(64 * 1024);
    private byte[] _buffer = new byte[64 * 1024];
    private int _length;

    public async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                int headerEnd = await ReceiveUntilAsync("\r\n\r\n", 0);
                int contentAt = headerEnd + 4;
                if (Header(headerEnd, "expect"u8).Length > 0)
                {
                    await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray());
                }

                (int contentLength, int used) = Ascii.EqualsIgnoreCase(Header(headerEnd, "transfer-encoding"u8), "chunked"u8)
                    ? await ReceiveChunksAsync(contentAt)
                    : await ReceiveContentAsync(contentAt, Number(Header(headerEnd, "content-length"u8)));
                await AnswerAsync(headerEnd, contentAt, contentLength, used);
                _buffer.AsSpan(used, _length - used).CopyTo(_buffer);
                _length -= used;
            }
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // The peer has closed its connection.
        }
        catch (Exception broken)
        {
            await Console.Error.WriteLineAsync($"The stub cannot answer: {broken}");
        }
    }

    private async Task AnswerAsync(int headerEnd, int contentAt, int contentLength, int used)
    {
        long received = Stopwatch.GetTimestamp();
        _body.ResetWrittenCount();
        _answer.ResetWrittenCount();
        if (IsFor(ControlPath, headerEnd))
        {
            Control(IsFor(DelaysPath, headerEnd), contentAt, contentLength);
            await stream.WriteAsync(_answer.WrittenMemory);
            return;
        }

        int trip = operations.BeginTrip();
        int status = operations.Answer(Header(headerEnd, "x-amz-target"u8), _buffer.AsSpan(contentAt, contentLength), _body);
        Respond(status);
        if (operations.Settings.LatencyMilliseconds > 0)
        {
            await operations.DelayAsync(received);
        }

        operations.EndTrip(trip, used, _answer.WrittenCount);
        await stream.WriteAsync(_answer.WrittenMemory);
    }

    private bool IsFor(string path, int headerEnd) => _buffer.AsSpan(0, headerEnd).IndexOf(Encoding.ASCII.GetBytes(path)) is > 0 and < 16;

    // Answers with the counters or the delays, and begins to count them anew; a body has the new settings.
    private void Control(bool isForDelays, int contentAt, int contentLength)
    {
        if (contentLength > 0)
        {
            operations.Configure(JsonSerializer.Deserialize<StubSettings>(_buffer.AsSpan(contentAt, contentLength))!);
        }

        _body.Write(isForDelays ? JsonSerializer.SerializeToUtf8Bytes(operations.TakeDelays()) : JsonSerializer.SerializeToUtf8Bytes(operations.Take()));
        Respond(200);
    }

    private void Respond(int status)
    {
        string checksum = operations.Settings.Checksum ? $"x-amz-crc32: {Crc32.HashToUInt32(_body.WrittenSpan)}\r\n" : "";
        Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {status} {(status == 200 ? "OK" : "Bad Request")}\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: {_body.WrittenCount}\r\nx-amzn-RequestId: STUB\r\n{checksum}\r\n",
            _answer);
        _answer.Write(_body.WrittenSpan);
    }

    private async ValueTask<(int Length, int Used)> ReceiveContentAsync(int from, int length)
    {
        while (_length < from + length)
        {
            await ReceiveAsync();
        }

        return (length, from + length);
    }

    // Moves the chunks together, so that the content is in one piece. Used: where the next request begins.
    private async ValueTask<(int Length, int Used)> ReceiveChunksAsync(int from)
    {
        int to = from;
        int at = from;
        while (true)
        {
            int lineEnd = await ReceiveUntilAsync("\r\n", at);
            if (!Utf8Parser.TryParse(_buffer.AsSpan(at, lineEnd - at), out int size, out _, 'x'))
            {
                throw new InvalidDataException($"'{Encoding.ASCII.GetString(_buffer, at, lineEnd - at)}' is no size of a chunk. A hexadecimal number is expected.");
            }

            if (size == 0)
            {
                break;
            }

            at = lineEnd + 2;
            await ReceiveContentAsync(at, size + 2);
            _buffer.AsSpan(at, size).CopyTo(_buffer.AsSpan(to));
            (to, at) = (to + size, at + size + 2);
        }

        // Headers may follow the last chunk; an empty line ends them.
        return (to - from, await ReceiveUntilAsync("\r\n\r\n", at) + 4);
    }

    private async ValueTask<int> ReceiveUntilAsync(string end, int from)
    {
        byte[] searched = Encoding.ASCII.GetBytes(end);
        while (true)
        {
            int index = _buffer.AsSpan(from, _length - from).IndexOf(searched);
            if (index >= 0)
            {
                return from + index;
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

        int received = await stream.ReadAsync(_buffer.AsMemory(_length));
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
