#:property RestorePackagesWithLockFile=false
// Draws src/icon.png, the picture of the packages: `dotnet run eng/icon.cs` in the root of the repository.
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

const int Side = 128;
const int Samples = 4;
(int R, int G, int B) ground = (31, 78, 121);
(int R, int G, int B) paper = (255, 255, 255);
(int R, int G, int B) link = (255, 170, 51);

// Shapes from the back to the front: left, top, right, bottom, radius of the corners, colour. A card of links, the first of them new.
(double L, double T, double R, double B, double Radius, (int R, int G, int B) Colour)[] shapes =
[
    (0, 0, 128, 128, 24, ground),
    (28, 20, 100, 108, 8, paper),
    (38, 34, 90, 44, 5, link),
    (38, 56, 90, 62, 3, ground),
    (38, 72, 90, 78, 3, ground),
    (38, 88, 74, 94, 3, ground),
];

byte[] rows = new byte[Side * ((Side * 4) + 1)];
for (int y = 0; y < Side; y++)
{
    for (int x = 0; x < Side; x++)
    {
        (int red, int green, int blue, int covered) = (0, 0, 0, 0);
        for (int sample = 0; sample < Samples * Samples; sample++)
        {
            double px = x + (((sample % Samples) + 0.5) / Samples);
            double py = y + (((sample / Samples) + 0.5) / Samples);
            int top = Array.FindLastIndex(shapes, shape => IsIn(px, py, shape.L, shape.T, shape.R, shape.B, shape.Radius));
            if (top >= 0)
            {
                (int r, int g, int b) = shapes[top].Colour;
                (red, green, blue, covered) = (red + r, green + g, blue + b, covered + 1);
            }
        }

        // The first byte of a row is the filter: none.
        int at = (y * ((Side * 4) + 1)) + 1 + (x * 4);
        int count = Math.Max(covered, 1);
        (rows[at], rows[at + 1], rows[at + 2], rows[at + 3]) = ((byte)(red / count), (byte)(green / count), (byte)(blue / count), (byte)(255 * covered / (Samples * Samples)));
    }
}

using var packed = new MemoryStream();
using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
{
    zlib.Write(rows);
}

byte[] header = [0, 0, 0, Side, 0, 0, 0, Side, 8, 6, 0, 0, 0];
using FileStream file = File.Create("src/icon.png");
file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
WriteChunk("IHDR", header);
WriteChunk("IDAT", packed.ToArray());
WriteChunk("IEND", []);

static bool IsIn(double x, double y, double left, double top, double right, double bottom, double radius)
{
    double dx = Math.Max(0, Math.Max(left + radius - x, x - (right - radius)));
    double dy = Math.Max(0, Math.Max(top + radius - y, y - (bottom - radius)));
    return (dx * dx) + (dy * dy) <= radius * radius;
}

// https://www.w3.org/TR/png-3/#5Chunk-layout
void WriteChunk(string type, byte[] data)
{
    byte[] named = [.. Encoding.ASCII.GetBytes(type), .. data];
    Span<byte> number = stackalloc byte[4];
    BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
    file.Write(number);
    file.Write(named);
    BinaryPrimitives.WriteUInt32BigEndian(number, Crc(named));
    file.Write(number);
}

static uint Crc(byte[] data)
{
    uint crc = uint.MaxValue;
    foreach (byte value in data)
    {
        crc ^= value;
        for (int bit = 0; bit < 8; bit++)
        {
            crc = (crc >> 1) ^ ((crc & 1) == 0 ? 0 : 0xEDB88320);
        }
    }

    return ~crc;
}
