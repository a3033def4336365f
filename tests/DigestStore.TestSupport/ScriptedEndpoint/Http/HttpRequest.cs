using System.Text.Json;
using System.Text.Json.Nodes;

namespace DigestStore.TestSupport;

internal sealed record HttpRequest(Dictionary<string, string> Headers, byte[] Body)
{
    public bool WantsClose => Headers.GetValueOrDefault("Connection", "").Equals("close", StringComparison.OrdinalIgnoreCase);

    /// <summary>Null if the body is no JSON object.</summary>
    public JsonObject? ParseBody()
    {
        try
        {
            return JsonNode.Parse(Body) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
