using System.Buffers.Binary;
using System.Text;

namespace EmailDigest.Tests.Support;

/// <summary>An independent little reader of the protobuf wire format: https://protobuf.dev/programming-guides/encoding/.</summary>
internal sealed class Proto
{
    private readonly List<(int Field, ulong Number, byte[] Bytes)> _fields = [];

    public static Proto Parse(ReadOnlySpan<byte> bytes)
    {
        var message = new Proto();
        while (!bytes.IsEmpty)
        {
            ulong tag = Varint(ref bytes);
            (ulong number, int length) = (tag & 7) switch
            {
                0 => (Varint(ref bytes), 0),
                1 => (BinaryPrimitives.ReadUInt64LittleEndian(bytes), 8),
                2 => (0UL, (int)Varint(ref bytes)),
                5 => (BinaryPrimitives.ReadUInt32LittleEndian(bytes), 4),
                _ => throw new InvalidDataException($"Wire type {tag & 7}."),
            };
            message._fields.Add(((int)(tag >> 3), number, bytes[..length].ToArray()));
            bytes = bytes[length..];
        }

        return message;
    }

    public bool Has(int field) => _fields.Exists(candidate => candidate.Field == field);

    /// <summary>The messages down a path of field numbers.</summary>
    public IEnumerable<Proto> All(params int[] path) => path.Aggregate(
        (IEnumerable<Proto>)[this],
        (parents, field) => parents.SelectMany(parent => parent._fields.Where(candidate => candidate.Field == field).Select(candidate => Parse(candidate.Bytes))));

    public byte[] Bytes(int field) => _fields.Where(candidate => candidate.Field == field).Select(candidate => candidate.Bytes).LastOrDefault() ?? [];

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

    public string Hex(int field) => Convert.ToHexStringLower(Bytes(field));

    public long Integer(int field) => (long)_fields.Last(candidate => candidate.Field == field).Number;

    public double Double(int field) => BitConverter.UInt64BitsToDouble(_fields.Last(candidate => candidate.Field == field).Number);

    /// <summary>A packed list of doubles.</summary>
    public double[] Doubles(int field) => [.. Bytes(field).Chunk(sizeof(double)).Select(chunk => BinaryPrimitives.ReadDoubleLittleEndian(chunk))];

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
