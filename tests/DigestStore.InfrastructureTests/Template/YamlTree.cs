using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DigestStore.InfrastructureTests.Template;

/// <summary>Reads CloudFormation's YAML into JSON nodes, with intrinsic functions in their long form.</summary>
internal static class YamlTree
{
    public static JsonObject Parse(string yaml)
    {
        var stream = new YamlStream();
        using var reader = new StringReader(yaml);
        stream.Load(reader);
        return (JsonObject)Convert(stream.Documents.Single().RootNode)!;
    }

    private static JsonNode? Convert(YamlNode node)
    {
        JsonNode? value = node switch
        {
            YamlMappingNode mapping => Object(mapping),
            YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(Convert)]),
            YamlScalarNode scalar => Scalar(scalar),
            _ => throw new InvalidDataException($"The template has a YAML node of the kind {node.NodeType} at {node.Start}, which CloudFormation does not know."),
        };
        return node.Tag.IsEmpty || node.Tag.IsNonSpecific || node.Tag.Value[0] != '!' ? value : Intrinsic(node.Tag.Value[1..], value);
    }

    private static JsonObject Object(YamlMappingNode mapping)
    {
        var result = new JsonObject();
        foreach ((YamlNode key, YamlNode value) in mapping.Children)
        {
            result.Add(((YamlScalarNode)key).Value!, Convert(value));
        }

        return result;
    }

    private static JsonValue? Scalar(YamlScalarNode scalar)
    {
        string text = scalar.Value ?? string.Empty;
        if (scalar.Style != ScalarStyle.Plain || !scalar.Tag.IsEmpty)
        {
            return JsonValue.Create(text);
        }

        return text switch
        {
            "" or "~" or "null" => null,
            "true" => JsonValue.Create(true),
            "false" => JsonValue.Create(false),
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) => JsonValue.Create(whole),
            _ when decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number) => JsonValue.Create(number),
            _ => JsonValue.Create(text),
        };
    }

    private static JsonObject Intrinsic(string name, JsonNode? value) => name switch
    {
        "Ref" or "Condition" => new JsonObject { [name] = value },
        "GetAtt" when value is JsonValue text => new JsonObject { ["Fn::GetAtt"] = Attribute(text.GetValue<string>()) },
        _ => new JsonObject { ["Fn::" + name] = value },
    };

    private static JsonArray Attribute(string text)
    {
        int dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? throw new InvalidDataException($"'!GetAtt {text}' names no attribute.") : [text[..dot], text[(dot + 1)..]];
    }
}
