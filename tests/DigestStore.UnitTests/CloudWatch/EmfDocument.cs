using System.Text;
using System.Text.Json;
using DigestStore.Records;

namespace DigestStore.UnitTests.CloudWatch;

// A line as CloudWatch reads it. Reading one checks it against the schema and the rules that the specification has in prose.
internal sealed class EmfDocument
{
    private const int MaxBytes = 256 * 1024;

    private static readonly JsonSchema Schema = JsonSchema.FromResource("emf-schema.json");

    private readonly JsonElement _root;
    private readonly JsonElement _directive;

    private EmfDocument(JsonElement root)
    {
        _root = root;
        _directive = Assert.Single(root.GetProperty("_aws").GetProperty("CloudWatchMetrics").EnumerateArray());
    }

    public static EmfDocument Read(string line)
    {
        Assert.DoesNotContain('\n', line);
        Assert.True(Encoding.UTF8.GetByteCount(line) < MaxBytes, "The line is too long for a log event.");
        using var parsed = JsonDocument.Parse(line, new JsonDocumentOptions { AllowDuplicateProperties = false });
        Assert.Empty(Schema.Violations(parsed.RootElement));
        var document = new EmfDocument(parsed.RootElement.Clone());
        document.CheckTargets();
        return document;
    }

    public string Namespace => _directive.GetProperty(nameof(Namespace)).GetString()!;

    public DateTimeOffset At => DateTimeOffset.FromUnixTimeMilliseconds(_root.GetProperty("_aws").GetProperty("Timestamp").GetInt64());

    public string[] Metrics => [.. Definitions.Select(static metric => metric.GetProperty("Name").GetString()!)];

    public JsonElement Root => _root;

    // Each set as "name=value,…", in the order of the names.
    public string[] Sets =>
    [
        .. _directive.GetProperty("Dimensions").EnumerateArray().Select(set => string.Join(
            ',', set.EnumerateArray().Select(name => $"{name.GetString()}={_root.GetProperty(name.GetString()!).GetString()}").Order(StringComparer.Ordinal))),
    ];

    private IEnumerable<JsonElement> Definitions => _directive.GetProperty(nameof(Metrics)).EnumerateArray();

    public string Unit(string metric) => Definitions.Single(definition => definition.GetProperty("Name").GetString() == metric).GetProperty("Unit").GetString()!;

    public double[] Values(string metric) =>
        _root.GetProperty(metric) is { ValueKind: JsonValueKind.Array } array ? [.. array.EnumerateArray().Select(static value => value.GetDouble())] : [_root.GetProperty(metric).GetDouble()];

    private void CheckTargets()
    {
        Assert.InRange(Metrics.Length, 1, 100);
        Assert.Distinct(Metrics);
        foreach (string metric in Metrics)
        {
            JsonElement value = _root.GetProperty(metric);
            Assert.True(value.ValueKind is JsonValueKind.Number or JsonValueKind.Array, $"{metric} is neither a number nor an array.");
            Assert.InRange(Values(metric).Length, 1, 100);
            Assert.All(Values(metric), static number => Assert.True(double.IsFinite(number) && Math.Abs(number) <= Math.Pow(2, 360)));
        }

        Assert.Distinct(Sets);
        foreach (JsonElement set in _directive.GetProperty("Dimensions").EnumerateArray())
        {
            string[] names = [.. set.EnumerateArray().Select(static name => name.GetString()!)];
            Assert.Distinct(names);
            Assert.All(names, name => CheckDimension(name, _root.GetProperty(name).GetString()!));
        }
    }

    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html
    private void CheckDimension(string name, string value)
    {
        Assert.DoesNotContain(name, Metrics);
        Assert.NotEqual(':', name[0]);
        Assert.InRange(value.Length, 1, 1024);
        Assert.All([name, value], static text =>
        {
            Assert.False(string.IsNullOrWhiteSpace(text));
            Assert.All(text, static character => Assert.InRange(character, ' ', '~'));
        });
    }
}
