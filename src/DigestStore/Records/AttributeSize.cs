using System.Text;
using Amazon.DynamoDBv2.Model;

namespace DigestStore.Records;

// The sizes of attributes by DynamoDB's rules.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
internal static class AttributeSize
{
    public const int CollectionOverhead = 3;
    public const int ElementOverhead = 1;

    public static int Of(Dictionary<string, AttributeValue> item)
    {
        int bytes = 0;
        foreach ((string name, AttributeValue value) in item)
        {
            bytes += Text(name) + Of(value);
        }

        return bytes;
    }

    public static int Text(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);

    // The rule is "approximately one byte per two significant digits, plus one". One byte more, for the sign, keeps the result from being too
    // low.
    public static int Number(ReadOnlySpan<char> digits) => (digits.Length / 2) + 2;

    public static int Of(AttributeValue value)
    {
        if (value.S is not null)
        {
            return Text(value.S);
        }

        if (value.N is not null)
        {
            return Number(value.N);
        }

        if (value.B is not null)
        {
            return (int)value.B.Length;
        }

        if (value.IsMSet)
        {
            int bytes = CollectionOverhead;
            foreach ((string name, AttributeValue member) in value.M)
            {
                bytes += ElementOverhead + Text(name) + Of(member);
            }

            return bytes;
        }

        if (value.IsLSet)
        {
            int bytes = CollectionOverhead;
            foreach (AttributeValue element in value.L)
            {
                bytes += ElementOverhead + Of(element);
            }

            return bytes;
        }

        return SetSize(value);
    }

    private static int SetSize(AttributeValue value)
    {
        int bytes = 1;
        foreach (string text in value.SS ?? [])
        {
            bytes += Text(text);
        }

        foreach (string number in value.NS ?? [])
        {
            bytes += Number(number);
        }

        foreach (MemoryStream blob in value.BS ?? [])
        {
            bytes += (int)blob.Length;
        }

        return bytes;
    }
}
