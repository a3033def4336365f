using System.Globalization;
using System.Text.Json;

namespace DigestStore.InfrastructureTests.Monitoring;

/// <summary>Keeps lines of JSON as CloudWatch Logs does: each a set of fields, those of inner objects with dots between the names.</summary>
internal sealed class LogArchive
{
    private readonly List<Dictionary<string, object>> _events = [];

    public IReadOnlyList<IReadOnlyDictionary<string, object>> Events => _events;

    /// <summary>Every field of a library's event, by the event's id.</summary>
    public ILookup<int, string> FieldsById => _events
        .Where(static fields => fields.ContainsKey("EventId"))
        .SelectMany(static fields => fields.Keys.Select(name => (Id: (int)(double)fields["EventId"], Name: name)))
        .ToLookup(static pair => pair.Id, static pair => pair.Name);

    public void Add(DateTimeOffset at, string line)
    {
        using var document = JsonDocument.Parse(line);
        var fields = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["@timestamp"] = at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture),
            ["@message"] = line,
        };
        Flatten("", document.RootElement, fields);
        _events.Add(fields);
    }

    /// <summary>Takes over all events of another archive.</summary>
    public void Add(LogArchive other) => _events.AddRange(other._events);

    private static void Flatten(string prefix, JsonElement element, Dictionary<string, object> fields)
    {
        foreach (JsonProperty member in element.EnumerateObject())
        {
            string name = prefix + member.Name;
            switch (member.Value.ValueKind)
            {
                case JsonValueKind.Object:
                    Flatten(name + ".", member.Value, fields);
                    break;
                case JsonValueKind.Number:
                    fields[name] = member.Value.GetDouble();
                    break;
                case JsonValueKind.Null:
                    break;
                default:
                    fields[name] = member.Value.ToString();
                    break;
            }
        }
    }
}
