using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace DigestStore.Json;

[JsonSerializable(typeof(DigestDocument))]
[JsonSerializable(typeof(StoreResultDocument))]
internal sealed partial class ResultJson : JsonSerializerContext
{
    private static readonly ConditionalWeakTable<JsonSerializerOptions, JsonSerializerOptions> OwnOptions = [];

    // Names, indentation and converters are those that the caller has chosen. Which members a document has is known at compile time, so that it
    // works without reflection, and with a source-generated context of the caller's that does not list the types below a digest or a result.
    public static JsonTypeInfo<TDocument> InfoOf<TDocument>(JsonSerializerOptions options) =>
        (JsonTypeInfo<TDocument>)OwnOptions.GetValue(options, static given => new JsonSerializerOptions(given) { TypeInfoResolver = Default }).GetTypeInfo(typeof(TDocument));
}
