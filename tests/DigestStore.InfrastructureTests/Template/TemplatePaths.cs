using System.Globalization;
using System.Text.Json.Nodes;

namespace DigestStore.InfrastructureTests.Template;

/// <summary>Changes of a template by paths such as <c>DigestTable/Properties/Tags/0</c>, which begin with a logical id.</summary>
internal static class TemplatePaths
{
    public static void Set(this CloudFormationTemplate template, string path, JsonNode? value)
    {
        (JsonNode parent, string last) = Parent(template, path);
        if (parent is JsonArray entries)
        {
            entries[Index(last)] = value;
        }
        else
        {
            parent[last] = value;
        }
    }

    public static void Remove(this CloudFormationTemplate template, string path)
    {
        (JsonNode parent, string last) = Parent(template, path);
        if (parent is JsonArray entries)
        {
            entries.RemoveAt(Index(last));
        }
        else if (!parent.AsObject().Remove(last))
        {
            throw new KeyNotFoundException($"The template has no '{path}', so nothing can be removed.");
        }
    }

    public static void Append(this CloudFormationTemplate template, string path, JsonNode value)
    {
        (JsonNode parent, string last) = Parent(template, path);
        Child(parent, last).AsArray().Add(value);
    }

    private static (JsonNode Parent, string Last) Parent(CloudFormationTemplate template, string path)
    {
        string[] steps = path.Split('/');
        return (steps[..^1].Aggregate((JsonNode)template.Resources, Child), steps[^1]);
    }

    private static JsonNode Child(JsonNode parent, string step) =>
        (parent is JsonArray entries ? entries[Index(step)] : parent[step]) ?? throw new KeyNotFoundException($"The template has no '{step}' where a change expects it.");

    private static int Index(string step) => int.Parse(step, CultureInfo.InvariantCulture);
}
