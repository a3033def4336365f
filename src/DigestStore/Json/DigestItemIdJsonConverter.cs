using System.Text.Json;
using System.Text.Json.Serialization;

namespace DigestStore;

/// <summary>Reads and writes a <see cref="DigestItemId"/> as the text of its 32 digits, also as the key of a dictionary.</summary>
/// <remarks><c>System.Text.Json</c> uses it without being told to. It is public because source-generated contexts of other assemblies create an instance of it.</remarks>
public sealed class DigestItemIdJsonConverter : JsonConverter<DigestItemId>
{
    /// <inheritdoc/>
    public override DigestItemId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType == JsonTokenType.String
        ? Parse(ref reader)
        : throw new JsonException($"A digest item id is a JSON string of 32 hexadecimal digits; this is a {reader.TokenType}.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DigestItemId value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.ToString());
    }

    /// <inheritdoc/>
    public override DigestItemId ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Parse(ref reader);

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, DigestItemId value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WritePropertyName(value.ToString());
    }

    private static DigestItemId Parse(ref Utf8JsonReader reader)
    {
        string text = reader.GetString()!;
        return DigestItemId.TryParse(text, out DigestItemId id) ? id : throw new JsonException(DigestItemId.InvalidTextMessage(text.Length));
    }
}
