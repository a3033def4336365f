using System.Text;

namespace DigestStore.Identity;

// Encodes a label as RFC 3492 says. The names are those of its §6, so that the code can be compared with the RFC.
internal static class Punycode
{
    private const int Base = 36;
    private const int TMin = 1;
    private const int TMax = 26;
    private const int Skew = 38;
    private const int Damp = 700;
    private const int InitialBias = 72;
    private const int InitialN = 0x80;

    // RFC 1034 §3.1 allows no longer label. The limit also bounds the time, which grows with the square of the length.
    private const int MaxLabelLength = 63;

    public static bool TryWriteLabel(ReadOnlySpan<Rune> label, ref UrlWriter target)
    {
        int start = target.Length;
        target.Append("xn--");
        int basic = 0;
        foreach (Rune rune in label)
        {
            if (rune.IsAscii)
            {
                target.Append((char)rune.Value);
                basic++;
            }
        }

        if (basic == label.Length)
        {
            target.Remove(start, 4);
            return true;
        }

        // A label that begins with "xn--" is encoded already. It must not have other than ASCII characters, so it is invalid here.
        if (label.Length > MaxLabelLength || label is [{ Value: 'x' }, { Value: 'n' }, { Value: '-' }, { Value: '-' }, ..])
        {
            return false;
        }

        if (basic > 0)
        {
            target.Append('-');
        }

        WriteInsertions(label, basic, ref target);
        return true;
    }

    private static void WriteInsertions(ReadOnlySpan<Rune> label, int basic, ref UrlWriter target)
    {
        int n = InitialN;
        int bias = InitialBias;
        long delta = 0;
        int handled = basic;
        while (handled < label.Length)
        {
            int m = NextCodePoint(label, n);
            delta += (long)(m - n) * (handled + 1);
            n = m;
            foreach (Rune rune in label)
            {
                if (rune.Value < n)
                {
                    delta++;
                }
                else if (rune.Value == n)
                {
                    WriteInteger(delta, bias, ref target);
                    bias = Adapt(delta, handled + 1, handled == basic);
                    delta = 0;
                    handled++;
                }
            }

            delta++;
            n++;
        }
    }

    private static int NextCodePoint(ReadOnlySpan<Rune> label, int n)
    {
        int next = int.MaxValue;
        foreach (Rune rune in label)
        {
            if (rune.Value >= n && rune.Value < next)
            {
                next = rune.Value;
            }
        }

        return next;
    }

    private static void WriteInteger(long value, int bias, ref UrlWriter target)
    {
        int k = Base;
        int t = Math.Clamp(k - bias, TMin, TMax);
        while (value >= t)
        {
            target.Append(Digit((int)(t + ((value - t) % (Base - t)))));
            value = (value - t) / (Base - t);
            k += Base;
            t = Math.Clamp(k - bias, TMin, TMax);
        }

        target.Append(Digit((int)value));
    }

    private static int Adapt(long delta, int points, bool isFirst)
    {
        delta = isFirst ? delta / Damp : delta / 2;
        delta += delta / points;
        int k = 0;
        while (delta > (Base - TMin) * TMax / 2)
        {
            delta /= Base - TMin;
            k += Base;
        }

        return k + (int)((Base - TMin + 1) * delta / (delta + Skew));
    }

    private static char Digit(int value) => (char)(value < 26 ? 'a' + value : '0' + value - 26);
}
