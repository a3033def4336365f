using System.Buffers;
using System.Net;
using System.Net.Http.Headers;

namespace DigestStore.DynamoDb;

// The body of an HTTP response. It is read once into a pooled array, so that it can be checked before the SDK reads it, without a copy.
internal sealed class AnswerBody : IDisposable
{
    // DynamoDB's largest response is the 16 MB of BatchGetItem, and JSON adds names and escapes to it. The bound keeps a server that is
    // not DynamoDB from filling the memory.
    public const int MaxBytes = 32 * 1024 * 1024;

    // The longest Content-Length for which an array is rented at once. A page of 1 MB is about 2 MB as JSON. For a longer body the array
    // grows as the bytes arrive, so that a false Content-Length alone costs no memory.
    private const int MaxTrustedLength = 4 * 1024 * 1024;
    private const int FirstBytes = 16 * 1024;

    // A private pool: if other code of the process returns an array to the shared pool twice, two readers get that array. This pool keeps
    // at most 32 MB: four arrays of each size up to MaxTrustedLength. Longer arrays are left to the garbage collector.
    private static readonly ArrayPool<byte> Pool = ArrayPool<byte>.Create(MaxTrustedLength, maxArraysPerBucket: 4);

    private byte[]? _bytes;
    private int _count;

    private AnswerBody(int capacity) => _bytes = Pool.Rent(capacity);

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
            // The loop ends at the end of the body, when the token is cancelled, or when MaxBytes is exceeded. After an exception the array
            // is not returned to the pool, because the read that was abandoned may still write to it.
            while (body._count != length)
            {
                int read = await stream.ReadAsync(body.FreeSpace(), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    break;
                }

                body._count += read;
            }
        }

        return body;
    }

    // Makes this body the content of the response, which then owns it and disposes it.
    public void Replace(HttpResponseMessage response)
    {
        HttpContent original = response.Content;
        response.Content = new BodyContent(this);
        foreach ((string name, HeaderStringValues values) in original.Headers.NonValidated)
        {
            if (!string.Equals(name, "Content-Length", StringComparison.OrdinalIgnoreCase))
            {
                response.Content.Headers.TryAddWithoutValidation(name, values);
            }
        }

        original.Dispose();
    }

    // Replaces the bytes of the body. The new bytes must not be a part of the old ones, because the old array may be returned first.
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

    // Both the stream and the response dispose the body. Only the first call returns the array, since an array that is returned twice has
    // two owners.
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _bytes, null) is { } bytes)
        {
            _count = 0;
            Pool.Return(bytes);
        }
    }

    private Memory<byte> FreeSpace()
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

    private sealed class BodyContent(AnswerBody body) : HttpContent
    {
        protected override Stream CreateContentReadStream(CancellationToken cancellationToken) => new BodyStream(body);

        protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(new BodyStream(body));

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => new BodyStream(body).CopyToAsync(stream);

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

    private sealed class BodyStream(AnswerBody body) : Stream
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
