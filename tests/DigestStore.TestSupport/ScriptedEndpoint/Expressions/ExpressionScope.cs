using System.Text.Json.Nodes;

namespace DigestStore.TestSupport;

/// <summary>The aliases and values of one request, and which of them were used: DynamoDB refuses what is defined and not used.</summary>
internal sealed class ExpressionScope(JsonObject request)
{
    private readonly JsonObject _names = request["ExpressionAttributeNames"] as JsonObject ?? [];
    private readonly JsonObject _values = request["ExpressionAttributeValues"] as JsonObject ?? [];
    private readonly HashSet<string> _used = [];

    public string Name(string token)
    {
        if (!token.StartsWith('#'))
        {
            return token;
        }

        _used.Add(token);
        return _names[token]?.GetValue<string>()
            ?? throw DynamoDbError.Validation($"An expression attribute name used in the document path is not defined; attribute name: {token}");
    }

    public JsonNode Value(string token)
    {
        _used.Add(token);
        return _values[token]
            ?? throw DynamoDbError.Validation($"An expression attribute value used in expression is not defined; attribute value: {token}");
    }

    public void AssertAllUsed()
    {
        if (_names.Select(name => name.Key).Except(_used).FirstOrDefault() is { } name)
        {
            throw DynamoDbError.Validation($"Value provided in ExpressionAttributeNames unused in expressions: keys: {{{name}}}");
        }

        if (_values.Select(value => value.Key).Except(_used).FirstOrDefault() is { } value)
        {
            throw DynamoDbError.Validation($"Value provided in ExpressionAttributeValues unused in expressions: keys: {{{value}}}");
        }
    }
}
