using System.Text.Json;
using System.Text.Json.Serialization;

namespace DigestStore.DeadLetters;

// Writes a letter as one line. The encoder escapes every line break, and everything outside ASCII.
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(DeadLetter))]
internal sealed partial class LetterJson : JsonSerializerContext
{
    // Version 3 added the member `delivery`, and version 2 the member `known`. Lines of version 1 have no member `version`. A line has the lowest
    // version that can hold it, so that an earlier release can still replay the items.
    public const int Version = 3;
    public const int VersionOfItems = 2;

    public static byte[] Write(DeadLetter letter) => JsonSerializer.SerializeToUtf8Bytes(letter, Default.DeadLetter);

    public static DeadLetter? TryRead(ReadOnlySpan<byte> line)
    {
        try
        {
            DeadLetter? letter = JsonSerializer.Deserialize(line, Default.DeadLetter);
            return letter is { Digest: not null, Table: not null, IdRules: not null, Version: >= 0 and <= Version } && HasContent(letter)
                ? letter with { Version = Math.Max(letter.Version, 1) }
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool HasContent(DeadLetter letter) => letter.Delivery is null
        ? letter.Item is not null
        : letter is { Item: null, Delivery: { Token.Length: > 0, MessageId.Length: > 0, Owner.Length: > 0, Urls: not null } };
}
