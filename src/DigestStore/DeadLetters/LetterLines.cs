namespace DigestStore.DeadLetters;

// A line of a letter file: its position and its text. The text is valid only until the next line is read, and is empty if the line is too
// long for a letter.
internal readonly record struct LetterLine(long Offset, long Length, ReadOnlyMemory<byte> Text);

// Reads lines as bytes rather than as text, so that a line that is no letter can be copied unchanged, whatever bytes it has.
internal static class LetterLines
{
    // An item has at most 400 KB, and at most six times as many bytes as JSON with every character escaped, so no letter is longer than
    // this.
    private const int MaxLineBytes = 4 * 1024 * 1024;
    private const int InitialBufferSize = 64 * 1024;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    // Blank lines are skipped, because they hold nothing that could be kept.
    public static IEnumerable<LetterLine> Read(Stream file, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[InitialBufferSize];
        long position = 0;
        int start = 0;
        int searched = 0;
        int end = 0;

        // The position at which the current line began, if the line is already known to be too long. Its text is not kept.
        long? tooLongFrom = null;

        // The loop ends, because every round takes a line from the buffer or bytes from the file.
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
                tooLongFrom ??= position;
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

            long offset = tooLongFrom ?? position + start;
            ReadOnlyMemory<byte> text = tooLongFrom is null ? buffer.AsMemory(start..lineEnd) : default;
            if (offset == 0 && text.Span.StartsWith(ByteOrderMark))
            {
                (offset, text) = (ByteOrderMark.Length, text[ByteOrderMark.Length..]);
            }

            if (tooLongFrom is not null || !text.Span.Trim(" \t\r"u8).IsEmpty)
            {
                yield return new LetterLine(offset, position + lineEnd - offset, text);
            }

            if (found < 0)
            {
                yield break;
            }

            tooLongFrom = null;
            start = searched = lineEnd + 1;
        }
    }
}
