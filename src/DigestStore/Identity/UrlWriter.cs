namespace DigestStore.Identity;

// Writes into a buffer of fixed size. Callers give a buffer that is large enough for the longest result. If it were ever too small, the span
// would throw an exception, and no memory would be overwritten.
internal ref struct UrlWriter(Span<char> buffer)
{
    private readonly Span<char> _buffer = buffer;

    public int Length { get; private set; }

    public readonly Span<char> Written => _buffer[..Length];

    public void Append(char value) => _buffer[Length++] = value;

    public void Append(scoped ReadOnlySpan<char> text)
    {
        text.CopyTo(_buffer[Length..]);
        Length += text.Length;
    }

    public void AppendOctet(byte octet)
    {
        Append('%');
        Append(Hex(octet >> 4));
        Append(Hex(octet & 0xF));
    }

    public void Truncate(int length) => Length = length;

    public void Remove(int start, int count)
    {
        _buffer[(start + count)..Length].CopyTo(_buffer[start..]);
        Length -= count;
    }

    private static char Hex(int digit) => (char)(digit < 10 ? '0' + digit : 'A' + digit - 10);
}
