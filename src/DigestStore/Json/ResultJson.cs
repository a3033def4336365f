using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace DigestStore.Json;

[JsonSerializable(typeof(DigestDocument))]
[JsonSerializable(typeof(StoreResultDocument))]
internal sealed partial class ResultJson : JsonSerializerContext
{
    private static readonly ConditionalWeakTable<JsonSerializerOptions, JsonSerializerOptions> DerivedOptions = [];

    // The caller's options decide on names, indentation and converters. The members of a document come from this source-generated context, so
    // that serializing works without reflection, and also with a context of the caller that does not list the types inside a digest or result.
    public static JsonTypeInfo<TDocument> InfoOf<TDocument>(JsonSerializerOptions options) =>
        (JsonTypeInfo<TDocument>)DerivedOptions.GetValue(options, static given => new JsonSerializerOptions(given) { TypeInfoResolver = Default }).GetTypeInfo(typeof(TDocument));
}
