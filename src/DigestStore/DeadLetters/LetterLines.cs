namespace DigestStore.DeadLetters;

// A line's place in its file, and its text, which is valid until the next line is read. No text: the line is too long for a letter.
internal readonly record struct LetterLine(long Offset, long Length, ReadOnlyMemory<byte> Text);

// Lines as bytes: one that is no letter is kept as it is, whatever is in it.
internal static class LetterLines
{
    // An item of 400 KB takes at most six times as many bytes as JSON, with every character escaped.
    private const int MaxLineBytes = 4 * 1024 * 1024;
    private const int FirstRoom = 64 * 1024;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    // Blank lines are passed over.
    public static IEnumerable<LetterLine> Read(Stream file, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[FirstRoom];
        long position = 0;
        int start = 0;
        int searched = 0;
        int end = 0;

        // Where a line began that has already been given up as too long.
        long? tooLongSince = null;

        // Ends: every round takes a line from the buffer or bytes from the file.
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int found = buffer.AsSpan(searched..end).IndexOf((byte)'\n');
            if (found < 0 && start > 0)
            {
                buffer.AsSpan(start..end).CopyTo(buffer);
                (position, end, start) = (position + start, end - start, 0);
            }

            if (found < 0 && end == buffer.Length && end < MaxLineBytes)
            {
                Array.Resize(ref buffer, Math.Min(MaxLineBytes, end * 2));
            }
            else if (found < 0 && end == buffer.Length)
            {
                tooLongSince ??= position;
                (position, end) = (position + end, 0);
            }

            int lineEnd = searched + found;
            if (found < 0)
            {
                searched = end;
                int read = file.Read(buffer, end, buffer.Length - end);
                end += read;
                if (read > 0)
                {
                    continue;
                }

                lineEnd = end;
            }

            long offset = tooLongSince ?? position + start;
            ReadOnlyMemory<byte> text = tooLongSince is null ? buffer.AsMemory(start..lineEnd) : default;
            if (offset == 0 && text.Span.StartsWith(ByteOrderMark))
            {
                (offset, text) = (ByteOrderMark.Length, text[ByteOrderMark.Length..]);
            }

            if (tooLongSince is not null || !text.Span.Trim(" \t\r"u8).IsEmpty)
            {
                yield return new LetterLine(offset, position + lineEnd - offset, text);
            }

            if (found < 0)
            {
                yield break;
            }

            tooLongSince = null;
            start = searched = lineEnd + 1;
        }
    }
}
