using System.Text.Json;
using System.Text.Json.Serialization;

namespace DigestStore.DeadLetters;

// One letter is one line: the encoder escapes every line break, and everything outside ASCII.
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(DeadLetter))]
internal sealed partial class LetterJson : JsonSerializerContext
{
    public static byte[] Write(DeadLetter letter) => JsonSerializer.SerializeToUtf8Bytes(letter, Default.DeadLetter);

    public static DeadLetter? TryRead(string line)
    {
        try
        {
            DeadLetter? letter = JsonSerializer.Deserialize(line, Default.DeadLetter);
            return letter is { Item: not null, Digest: not null, Table: not null, IdRules: not null } ? letter : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
