using System.Text.Json.Serialization;

namespace DigestStore.PublishedApp;

[JsonSerializable(typeof(Digest))]
[JsonSerializable(typeof(StoreResult))]
internal sealed partial class AppJson : JsonSerializerContext;
