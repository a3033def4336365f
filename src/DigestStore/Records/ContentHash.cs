using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using DigestStore.Identity;

namespace DigestStore.Records;

// The hash by which the library recognizes that an item has not changed. docs/schema.md documents the encoding and has test vectors, so
// that other programs can compute it.
internal static class ContentHash
{
    private const string Version = "2-";
    private const int Absent = -1;
    private const int TypicalBytes = 2048;

    public const int Length = 2 + (2 * SHA256.HashSizeInBytes);

    public static string Of(CleanItem content)
    {
        var encoding = new Encoder(stackalloc byte[TypicalBytes]);
        DigestItem item = content.Item;
        encoding.Add(UrlWithoutTracking.Of(item.Url, content.IdentityRules.Tracking));
        encoding.Add(item.Title);
        foreach (OptionalText text in OptionalText.All)
        {
            encoding.Add(text.Of(item));
        }

        encoding.Add(content.PublishedAt);
        encoding.Add(content.Tags.Length);
        foreach (string tag in content.Tags)
        {
            encoding.Add(tag);
        }

        encoding.Add(content.Metadata.Length);
        foreach ((string name, string value) in content.Metadata)
        {
            encoding.Add(name);
            encoding.Add(value);
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Sha256.Hash(encoding.Written, hash);
        encoding.Release();
        return string.Concat(Version, Convert.ToHexStringLower(hash));
    }

    // The length of every text is written before it, so that two different contents never have the same encoding.
    private ref struct Encoder(Span<byte> buffer)
    {
        private Span<byte> _buffer = buffer;
        private byte[]? _rented;
        private int _length;

        public readonly ReadOnlySpan<byte> Written => _buffer[.._length];

        public void Add(int number)
        {
            Reserve(sizeof(int));
            BinaryPrimitives.WriteInt32BigEndian(_buffer[_length..], number);
            _length += sizeof(int);
        }

        public void Add(string? text)
        {
            if (text is null)
            {
                Add(Absent);
                return;
            }

            Reserve(sizeof(int) + Encoding.UTF8.GetMaxByteCount(text.Length));
            int written = Encoding.UTF8.GetBytes(text, _buffer[(_length + sizeof(int))..]);
            Add(written);
            _length += written;
        }

        public readonly void Release()
        {
            if (_rented is not null)
            {
                ArrayPool<byte>.Shared.Return(_rented);
            }
        }

        private void Reserve(int bytes)
        {
            if (_buffer.Length - _length >= bytes)
            {
                return;
            }

            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + bytes));
            Written.CopyTo(larger);
            Release();
            _buffer = _rented = larger;
        }
    }
}
