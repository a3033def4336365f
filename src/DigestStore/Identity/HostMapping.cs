using System.Text;

namespace DigestStore.Identity;

// Maps the characters of an international host name as UTS #46 does, for the characters that occur in practice. The table is our own,
// because string.Normalize and Rune.ToLowerInvariant give different results with and without ICU, and an id must be the same everywhere.
internal static class HostMapping
{
    public static Rune Map(Rune rune) => new(Map(rune.Value));

    public static bool IsIgnored(Rune rune) =>
        rune.Value is 0x00AD or 0x200B or 0x2060 or 0xFEFF or (>= 0xFE00 and <= 0xFE0F);

    // A host name cannot contain control characters, white space, controls of the writing direction, private-use characters or noncharacters.
    public static bool IsForbidden(Rune rune) =>
        rune.Value is (>= 0x0080 and <= 0x00A0) or 0x1680 or (>= 0x2000 and <= 0x200A) or 0x200E or 0x200F
            or (>= 0x2028 and <= 0x202F) or 0x205F or (>= 0x2066 and <= 0x2069) or 0x3000
            or (>= 0xE000 and <= 0xF8FF) or (>= 0xFDD0 and <= 0xFDEF) or (>= 0xFFF0 and <= 0xFFFF) or >= 0xE0000;

    private static int Map(int value) => value switch
    {
        < 0x80 => AsciiLower(value),
        0x3002 or 0xFF61 => '.',
        >= 0xFF01 and <= 0xFF5E => AsciiLower(value - 0xFEE0),
        _ => LowerCaseTable.Lower(value),
    };

    private static int AsciiLower(int value) => value is >= 'A' and <= 'Z' ? value | 0x20 : value;
}
