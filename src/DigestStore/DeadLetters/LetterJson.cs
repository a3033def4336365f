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
    // Version 2 added the member `known`. Lines of version 1 have no member `version`.
    public const int Version = 2;

    public static byte[] Write(DeadLetter letter) => JsonSerializer.SerializeToUtf8Bytes(letter, Default.DeadLetter);

    public static DeadLetter? TryRead(ReadOnlySpan<byte> line)
    {
        try
        {
            DeadLetter? letter = JsonSerializer.Deserialize(line, Default.DeadLetter);
            return letter is { Item: not null, Digest: not null, Table: not null, IdRules: not null, Version: >= 0 and <= Version }
                ? letter with { Version = Math.Max(letter.Version, 1) }
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
