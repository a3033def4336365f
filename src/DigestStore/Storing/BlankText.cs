using System.Text;

namespace DigestStore.Storing;

// Decides whether a text shows nothing: it is missing, or has only white space and invisible characters. The library has its own list of
// such characters, so that the answer depends neither on the runtime's Unicode version nor on ICU.
internal static class BlankText
{
    private const int Columns = 2;

    // Each row has the first and the last code point of a range: white space, controls, every code point that is Default_Ignorable in
    // Unicode 16, the format characters of Unicode 16 that have no shape of their own, and the letters and symbols that are drawn empty.
    private static ReadOnlySpan<int> Rows =>
    [
        0x0000, 0x0020, // controls, space
        0x007F, 0x00A0, // controls, no-break space
        0x00AD, 0x00AD, // soft hyphen
        0x034F, 0x034F, // combining grapheme joiner
        0x061C, 0x061C, // Arabic letter mark
        0x115F, 0x1160, // Hangul fillers
        0x1680, 0x1680, // Ogham space mark
        0x17B4, 0x17B5, // Khmer inherent vowels
        0x180B, 0x180F, // Mongolian variation selectors and vowel separator
        0x2000, 0x200F, // spaces, zero width space, joiners, direction marks
        0x2028, 0x202F, // separators, embeddings, narrow space
        0x205F, 0x206F, // mathematical space, word joiner, invisible operators, isolates
        0x2800, 0x2800, // braille pattern blank
        0x3000, 0x3000, // ideographic space
        0x3164, 0x3164, // Hangul filler
        0xFDD0, 0xFDEF, // noncharacters
        0xFE00, 0xFE0F, // variation selectors
        0xFEFF, 0xFEFF, // zero width no-break space
        0xFFA0, 0xFFA0, // half-width Hangul filler
        0xFFF0, 0xFFFB, // reserved, interlinear annotation
        0xFFFE, 0xFFFF, // noncharacters
        0x13430, 0x1343F, // Egyptian hieroglyph joiners
        0x13441, 0x13442, // Egyptian hieroglyph blanks
        0x16FE4, 0x16FE4, // Khitan filler
        0x1BCA0, 0x1BCA3, // shorthand format controls
        0x1D159, 0x1D159, // musical symbol null notehead
        0x1D173, 0x1D17A, // musical format controls
        0xE0000, 0xE0FFF, // tags, variation selectors
    ];

    public static bool Is(string? text)
    {
        foreach (Rune rune in (text ?? "").EnumerateRunes())
        {
            if (!IsBlank(rune.Value))
            {
                return false;
            }
        }

        return true;
    }

    public static bool IsBlank(int codePoint)
    {
        // The last two code points of every plane are noncharacters.
        if ((codePoint & 0xFFFE) == 0xFFFE)
        {
            return true;
        }

        for (int row = 0; row < Rows.Length && Rows[row] <= codePoint; row += Columns)
        {
            if (codePoint <= Rows[row + 1])
            {
                return true;
            }
        }

        return false;
    }
}
