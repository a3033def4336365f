using Amazon.DynamoDBv2.Model;

namespace DigestStore.Records;

// A value that an update sets or compares with: a text or a whole number. The text is never empty, because no stored attribute is.
internal readonly record struct Scalar
{
    private Scalar(string? text, long number) => (Text, Number) = (text, number);

    public string? Text { get; }

    // 0 if the value is a text.
    public long Number { get; }

    public static implicit operator Scalar(long number) => new(null, number);

    public static implicit operator Scalar(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        return new Scalar(text, 0);
    }

    public AttributeValue ToAttribute() => Text is null ? ItemMapper.Number(Number) : ItemMapper.Text(Text);
}
