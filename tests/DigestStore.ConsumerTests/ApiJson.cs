using System.Text.Json.Serialization;
using DigestStore;

namespace ConsumerTests;

// What an application that is published as native AOT writes down: the types that it hands over, and none of those within them.
[JsonSerializable(typeof(DigestItem[]))]
[JsonSerializable(typeof(Digest))]
[JsonSerializable(typeof(StoredDigestItem))]
[JsonSerializable(typeof(DigestStatistics))]
[JsonSerializable(typeof(StoreResult))]
[JsonSerializable(typeof(Dictionary<DigestItemId, StoreStatus>))]
internal sealed partial class ApiJson : JsonSerializerContext;
