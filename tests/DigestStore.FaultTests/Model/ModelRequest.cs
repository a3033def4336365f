using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using DigestStore.Doctor;

namespace DigestStore.FaultTests;

/// <summary>One item that a request puts: what tells it from every other item of the schedule.</summary>
internal sealed record ModelPut(string Key, string Title, string Url)
{
    public static ModelPut Of(JsonObject write)
    {
        JsonNode item = write["PutRequest"]!["Item"]!;
        return new ModelPut(item["sk"]!["S"]!.GetValue<string>(), item["title"]!["S"]!.GetValue<string>(), item["url"]!["S"]!.GetValue<string>());
    }
}

/// <summary>One request as the proxy saw it, and what became of it.</summary>
internal sealed class ModelRequest
{
    public required int Number { get; init; }

    public required string Operation { get; init; }

    public required ModelMove Move { get; init; }

    public required IReadOnlyList<ModelPut> Puts { get; init; }

    /// <summary>The puts that the engine has carried out.</summary>
    public ConcurrentQueue<ModelPut> Applied { get; } = [];

    public string Answer { get; set; } = "no answer";

    public override string ToString() =>
        $"    #{Number} {Operation} {Move}: {Answer}; puts [{string.Join(", ", Puts.Select(put => put.Title))}], applied {Applied.Count}";
}
