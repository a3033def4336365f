using System.Buffers;
using System.Net;
using System.Net.Http.Headers;

namespace DigestStore.DynamoDb;

// The body of an answer, read once into one array from the pool: it is looked at, or read, and handed to the SDK without a copy.
internal sealed class AnswerBody : IDisposable
{
    // The largest answer is BatchGetItem's 16 MB, to which JSON adds its names and escapes; whoever sends more is not DynamoDB.
    public const int MaxBytes = 32 * 1024 * 1024;

    // A page of 1 MB is about twice that as JSON. A longer body has to come before there is room for it.
    private const int MaxTrustedLength = 4 * 1024 * 1024;
    private const int FirstBytes = 16 * 1024;

    // Of its own: in the shared one an array that other code has returned twice has two owners. It keeps 32 MB at most.
    private static readonly ArrayPool<byte> Pool = ArrayPool<byte>.Create(MaxTrustedLength, maxArraysPerBucket: 4);

    private byte[]? _bytes;
    private int _count;

    private AnswerBody(int room) => _bytes = Pool.Rent(room);

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, _count);

    public static async Task<AnswerBody> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        long? length = content.Headers.ContentLength;
        if (length > MaxBytes)
        {
            throw TooLong();
        }

        var body = new AnswerBody((int)Math.Min(length ?? FirstBytes, MaxTrustedLength));
        Stream stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            // Ends: with the body, with the token, or with the room. An array that a read was given up in never goes back to the pool.
            while (body._count != length)
            {
                int more = await stream.ReadAsync(body.Room(), cancellationToken).ConfigureAwait(false);
                if (more == 0)
                {
                    break;
                }

                body._count += more;
            }
        }

        return body;
    }

    // From here on the body lives as long as the response does.
    public void Replace(HttpResponseMessage response)
    {
        HttpContent before = response.Content;
        response.Content = new Content(this);
        foreach ((string name, HeaderStringValues values) in before.Headers.NonValidated)
        {
            if (!string.Equals(name, "Content-Length", StringComparison.OrdinalIgnoreCase))
            {
                response.Content.Headers.TryAddWithoutValidation(name, values);
            }
        }

        before.Dispose();
    }

    // The bytes must not be its own.
    public void Rewrite(ReadOnlySpan<byte> bytes)
    {
        if (_bytes!.Length < bytes.Length)
        {
            Pool.Return(_bytes);
            _bytes = Pool.Rent(bytes.Length);
        }

        bytes.CopyTo(_bytes);
        _count = bytes.Length;
    }

    // Once, whoever comes first: the reader of the stream or the owner of the response. Neither sees the array itself, nor a byte of it
    // from here on.
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _bytes, null) is { } bytes)
        {
            _count = 0;
            Pool.Return(bytes);
        }
    }

    private Memory<byte> Room()
    {
        if (_count == _bytes!.Length)
        {
            byte[] larger = Pool.Rent(_count < MaxBytes ? Math.Min(_count * 2, MaxBytes) : throw TooLong());
            Span.CopyTo(larger);
            Pool.Return(_bytes);
            _bytes = larger;
        }

        return _bytes.AsMemory(_count);
    }

    private sealed class Content(AnswerBody body) : HttpContent
    {
        protected override Stream CreateContentReadStream(CancellationToken cancellationToken) => new Reader(body);

        protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(new Reader(body));

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => new Reader(body).CopyToAsync(stream);

        protected override bool TryComputeLength(out long length)
        {
            length = body._count;
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            body.Dispose();
            base.Dispose(disposing);
        }
    }

    private sealed class Reader(AnswerBody body) : Stream
    {
        private int _read;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => _read;
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            ObjectDisposedException.ThrowIf(body._bytes is null, this);
            ReadOnlySpan<byte> left = body.Span[_read..];
            int count = Math.Min(left.Length, buffer.Length);
            left[..count].CopyTo(buffer);
            _read += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : ValueTask.FromResult(Read(buffer.Span));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            body.Dispose();
            base.Dispose(disposing);
        }
    }

    private static InvalidDataException TooLong() => new($"The body of the answer has more than {MaxBytes} bytes.");
}
