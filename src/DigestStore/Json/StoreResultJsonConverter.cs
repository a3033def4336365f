using System.Text.Json;
using System.Text.Json.Serialization;
using DigestStore.Json;

namespace DigestStore;

/// <summary>
/// Reads and writes a <see cref="StoreResult"/> as an object with the members of the type. <see cref="StoreResult.InputError"/> is an object with
/// the name of the exception's type and its message, and is read as a <see cref="StoreInputException"/>.
/// </summary>
/// <remarks><c>System.Text.Json</c> uses it without being told to. It is public because source-generated contexts of other assemblies create an instance of it.</remarks>
public sealed class StoreResultJsonConverter : JsonConverter<StoreResult>
{
    /// <inheritdoc/>
    public override StoreResult Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize(ref reader, ResultJson.InfoOf<StoreResultDocument>(options))!.ToResult();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, StoreResult value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, StoreResultDocument.Of(value), ResultJson.InfoOf<StoreResultDocument>(options));
}
