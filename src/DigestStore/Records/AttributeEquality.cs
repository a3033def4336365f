using System.Globalization;
using Amazon.DynamoDBv2.Model;

namespace DigestStore.Records;

// Whether two tables hold the same value. Tables may return the members of a set in any order, and a number in another notation.
internal static class AttributeEquality
{
    // A division by this number removes the zeros at the end of a decimal.
    private const decimal One = 1.0000000000000000000000000000m;
    private const int MaxLength = 28;

    public static bool AreEqual(AttributeValue one, AttributeValue other)
    {
        if (one.IsMSet || other.IsMSet)
        {
            return one.IsMSet && other.IsMSet && one.M.Count == other.M.Count &&
                one.M.All(member => other.M.TryGetValue(member.Key, out AttributeValue? there) && AreEqual(member.Value, there));
        }

        if (one.IsLSet || other.IsLSet)
        {
            return one.IsLSet && other.IsLSet && one.L.Count == other.L.Count && one.L.Zip(other.L).All(static pair => AreEqual(pair.First, pair.Second));
        }

        return string.Equals(one.S, other.S, StringComparison.Ordinal) &&
            string.Equals(Plain(one.N), Plain(other.N), StringComparison.Ordinal) &&
            string.Equals(Text(one.B), Text(other.B), StringComparison.Ordinal) &&
            one.BOOL == other.BOOL && one.NULL == other.NULL &&
            AreEqual(one.SS, other.SS, static text => text) && AreEqual(one.NS, other.NS, Plain) && AreEqual(one.BS, other.BS, Text);
    }

    private static bool AreEqual<T>(List<T>? one, List<T>? other, Func<T, string?> text) =>
        (one ?? []).Select(text).Order(StringComparer.Ordinal).SequenceEqual((other ?? []).Select(text).Order(StringComparer.Ordinal), StringComparer.Ordinal);

    private static string? Text(MemoryStream? bytes) => bytes is null ? null : Convert.ToBase64String(bytes.ToArray());

    // A number that a decimal may not hold exactly is compared as it is written.
    private static string? Plain(string? number) =>
        number?.Length <= MaxLength && decimal.TryParse(number, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value)
            ? (value / One).ToString(CultureInfo.InvariantCulture)
            : number;
}
