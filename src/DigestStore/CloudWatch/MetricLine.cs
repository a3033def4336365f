using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DigestStore.CloudWatch;

// Writes one line of the embedded metric format.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
internal static class MetricLine
{
    public const string Metadata = "_aws";
    private const int DefaultResolution = 60;

    // Every text is printable ASCII already, so nothing but quotes and backslashes needs to be escaped.
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(
        string metricNamespace, int storageResolution, KeyValuePair<string, string>[] constants, DimensionGroup group, List<MetricPoint> points, DateTimeOffset now)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Json))
        {
            string[] names = NamesOf(constants, group, points);
            writer.WriteStartObject();
            writer.WriteStartObject(Metadata);
            writer.WriteNumber("Timestamp", now.ToUnixTimeMilliseconds());
            writer.WriteStartArray("CloudWatchMetrics");
            writer.WriteStartObject();
            writer.WriteString("Namespace", metricNamespace);
            WriteSets(writer, names, constants.Length, group);
            WriteDefinitions(writer, points, storageResolution);
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
            for (int index = 0; index < names.Length; index++)
            {
                writer.WriteString(names[index], index < constants.Length ? constants[index].Value : group.Tags[index - constants.Length].Value);
            }

            foreach (MetricPoint point in points)
            {
                WriteValues(writer, point);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    // Metrics and dimensions are members of the same JSON object, so their names must differ. Metrics keep their names, and a dimension with
    // the same name gets an underscore.
    private static string[] NamesOf(KeyValuePair<string, string>[] constants, DimensionGroup group, List<MetricPoint> points)
    {
        var taken = new HashSet<string>(points.Select(static point => point.Name), StringComparer.Ordinal) { Metadata };
        string[] names = [.. constants.Select(static dimension => dimension.Key), .. group.Tags.Select(static tag => tag.Key)];
        for (int index = 0; index < names.Length; index++)
        {
            while (!taken.Add(names[index]))
            {
                names[index] += "_";
            }
        }

        return names;
    }

    private static void WriteSets(Utf8JsonWriter writer, string[] names, int constantCount, DimensionGroup group)
    {
        writer.WriteStartArray("Dimensions");
        foreach (int[] set in group.DimensionSets())
        {
            writer.WriteStartArray();
            for (int index = 0; index < constantCount; index++)
            {
                writer.WriteStringValue(names[index]);
            }

            foreach (int index in set)
            {
                writer.WriteStringValue(names[constantCount + index]);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    private static void WriteDefinitions(Utf8JsonWriter writer, List<MetricPoint> points, int storageResolution)
    {
        writer.WriteStartArray("Metrics");
        foreach (MetricPoint point in points)
        {
            writer.WriteStartObject();
            writer.WriteString("Name", point.Name);
            writer.WriteString("Unit", point.Unit);
            if (storageResolution != DefaultResolution)
            {
                writer.WriteNumber("StorageResolution", storageResolution);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteValues(Utf8JsonWriter writer, MetricPoint point)
    {
        if (!point.IsArray)
        {
            writer.WriteNumber(point.Name, point.Values.Span[0]);
            return;
        }

        writer.WriteStartArray(point.Name);
        foreach (double value in point.Values.Span)
        {
            writer.WriteNumberValue(value);
        }

        writer.WriteEndArray();
    }
}
