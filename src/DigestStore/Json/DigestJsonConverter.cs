using System.Text.Json;
using System.Text.Json.Serialization;
using DigestStore.Json;

namespace DigestStore;

/// <summary>Reads and writes a <see cref="Digest"/> as an object with its date, its count of unreadable records and its items.</summary>
/// <remarks><c>System.Text.Json</c> uses it without being told to. It is public because source-generated contexts of other assemblies create an instance of it.</remarks>
public sealed class DigestJsonConverter : JsonConverter<Digest>
{
    /// <inheritdoc/>
    public override Digest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize(ref reader, ResultJson.InfoOf<DigestDocument>(options))!.ToDigest();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Digest value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, DigestDocument.Of(value), ResultJson.InfoOf<DigestDocument>(options));
}
