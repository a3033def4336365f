using System.Buffers;
using System.Text.Json;

namespace DigestStore.DynamoDb;

// Rebuilds the responses that describe a table for the SDK. They have hundreds of members, and the SDK reads without end where a list is
// expected and another type comes (see AnswerShape). Only the members that the library uses are copied, each after a check of its type.
internal static class DescriptionBody
{
    private static readonly Part Text = new(JsonValueKind.String);
    private static readonly Part Number = new(JsonValueKind.Number);
    private static readonly Part Flag = new(JsonValueKind.True);
    private static readonly Part Keys = ListOf(Structure(("AttributeName", Text), ("KeyType", Text)));

    private static readonly Part Table = Structure(
        ("TableName", Text),
        ("TableStatus", Text),
        ("KeySchema", Keys),
        ("AttributeDefinitions", ListOf(Structure(("AttributeName", Text), ("AttributeType", Text)))),
        ("GlobalSecondaryIndexes", ListOf(Structure(("IndexName", Text), ("IndexStatus", Text), ("KeySchema", Keys), ("Projection", Structure(("ProjectionType", Text)))))),
        ("BillingModeSummary", Structure(("BillingMode", Text))),
        ("SSEDescription", Structure(("Status", Text), ("SSEType", Text), ("KMSMasterKeyArn", Text), ("InaccessibleEncryptionDateTime", Number))),
        ("DeletionProtectionEnabled", Flag),
        ("StreamSpecification", Structure(("StreamEnabled", Flag), ("StreamViewType", Text))),
        ("TableClassSummary", Structure(("TableClass", Text))));

    private static readonly Part Recovery = Structure(
        ("PointInTimeRecoveryStatus", Text), ("RecoveryPeriodInDays", Number), ("EarliestRestorableDateTime", Number), ("LatestRestorableDateTime", Number));

    private static readonly Dictionary<string, Part> Answers = new(StringComparer.Ordinal)
    {
        ["DescribeTable"] = Structure(("Table", Table)),
        ["DescribeTimeToLive"] = Structure(("TimeToLiveDescription", Structure(("TimeToLiveStatus", Text), ("AttributeName", Text)))),
        ["DescribeContinuousBackups"] = Structure(("ContinuousBackupsDescription", Structure(("ContinuousBackupsStatus", Text), ("PointInTimeRecoveryDescription", Recovery)))),
    };

    public static bool IsDescription(string operation) => Answers.ContainsKey(operation);

    // Throws InvalidDataException if the body is not a response to the operation.
    public static ReadOnlySpan<byte> Rebuild(ReadOnlySpan<byte> body, string operation)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(bytes);
        try
        {
            Utf8JsonReader reader = AnswerShape.CreateReader(body);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            if (reader.Read() || !TryCopy(document.RootElement, Answers[operation], writer))
            {
                throw new InvalidDataException("The body of the answer is not that of a description.");
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException("The body of the answer is not JSON.", exception);
        }

        writer.Flush();
        return bytes.WrittenSpan;
    }

    private static bool TryCopy(JsonElement element, Part part, Utf8JsonWriter writer)
    {
        if (element.ValueKind != part.Kind && !(part.Kind == JsonValueKind.True && element.ValueKind == JsonValueKind.False))
        {
            return false;
        }

        switch (part.Kind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach ((string name, Part member) in part.Members)
                {
                    if (element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null)
                    {
                        writer.WritePropertyName(name);
                        if (!TryCopy(value, member, writer))
                        {
                            return false;
                        }
                    }
                }

                writer.WriteEndObject();
                return true;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement value in element.EnumerateArray())
                {
                    if (!TryCopy(value, part.Members[0].Part, writer))
                    {
                        return false;
                    }
                }

                writer.WriteEndArray();
                return true;
            default:
                element.WriteTo(writer);
                return true;
        }
    }

    private static Part Structure(params (string Name, Part Part)[] members) => new(JsonValueKind.Object, members);

    private static Part ListOf(Part element) => new(JsonValueKind.Array, ("", element));

    private sealed record Part(JsonValueKind Kind, params (string Name, Part Part)[] Members);
}
