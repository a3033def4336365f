using System.Net.Http.Headers;

namespace DigestStore.Table;

// The body of an answer, read once into one array: it is looked at and handed to the SDK without a copy.
internal static class AnswerBody
{
    // The largest answer is BatchGetItem's 16 MB, which grows as JSON; whoever sends more is not DynamoDB.
    public const int MaxBytes = 64 * 1024 * 1024;

    // A page of 1 MB is about twice that as JSON. A longer body has to come before there is room for it.
    private const int MaxTrustedLength = 4 * 1024 * 1024;
    private const int FirstBytes = 16 * 1024;

    public static async Task<ArraySegment<byte>> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        long? length = content.Headers.ContentLength;
        if (length > MaxBytes)
        {
            throw TooLong();
        }

        byte[] bytes = length is 0 ? [] : new byte[Math.Min(length ?? FirstBytes, MaxTrustedLength)];
        int read = 0;
        Stream stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            // Ends: with the body, with the token, or with the room.
            while (read != length)
            {
                if (read == bytes.Length)
                {
                    Array.Resize(ref bytes, bytes.Length < MaxBytes ? Math.Min(bytes.Length * 2, MaxBytes) : throw TooLong());
                }

                int more = await stream.ReadAsync(bytes.AsMemory(read), cancellationToken).ConfigureAwait(false);
                if (more == 0)
                {
                    break;
                }

                read += more;
            }
        }

        return new ArraySegment<byte>(bytes, 0, read);
    }

    public static void Replace(HttpResponseMessage response, ArraySegment<byte> body)
    {
        HttpContent before = response.Content;
        response.Content = new ByteArrayContent(body.Array!, body.Offset, body.Count);
        foreach ((string name, HeaderStringValues values) in before.Headers.NonValidated)
        {
            if (!string.Equals(name, "Content-Length", StringComparison.OrdinalIgnoreCase))
            {
                response.Content.Headers.TryAddWithoutValidation(name, values);
            }
        }

        before.Dispose();
    }

    private static InvalidDataException TooLong() => new($"The body of the answer has more than {MaxBytes} bytes.");
}
