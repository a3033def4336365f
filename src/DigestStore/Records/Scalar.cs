using Amazon.DynamoDBv2.Model;

namespace DigestStore.Records;

// A value that an update sets or compares with: a text that is not empty, since no attribute ever is, or a whole number.
internal readonly record struct Scalar
{
    private Scalar(string? text, long number) => (Text, Number) = (text, number);

    public string? Text { get; }

    // 0 where it is a text.
    public long Number { get; }

    public static implicit operator Scalar(long number) => new(null, number);

    public static implicit operator Scalar(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        return new Scalar(text, 0);
    }

    public AttributeValue ToAttribute() => Text is null ? ItemMapper.Number(Number) : ItemMapper.Text(Text);
}
