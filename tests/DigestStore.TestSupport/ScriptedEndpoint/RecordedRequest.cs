using System.Text.Json.Nodes;

namespace DigestStore.TestSupport;

/// <summary>One request as it arrived.</summary>
public sealed record RecordedRequest
{
    /// <summary>Such as <c>BatchWriteItem</c>; empty if the request named none.</summary>
    public required string Operation { get; init; }

    /// <summary>Counts from 1 within the operation.</summary>
    public required int Number { get; init; }

    /// <summary>The parsed body. Treat it as read-only.</summary>
    public required JsonObject Body { get; init; }

    /// <summary>Length of the body on the wire, in bytes.</summary>
    public required int BodyLength { get; init; }

    /// <summary>By name, whatever its case.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>When the whole request had arrived.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The write requests of a BatchWriteItem over all tables; empty for other operations.</summary>
    public IEnumerable<JsonObject> Writes => Operation == "BatchWriteItem" && Body["RequestItems"] is JsonObject tables
        ? tables.SelectMany(table => table.Value!.AsArray()).Select(write => write!.AsObject())
        : [];
}
