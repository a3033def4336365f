using System.Text.Json.Nodes;
using DigestStore.TestSupport;

namespace DigestStore.InfrastructureTests.Template;

/// <summary>A CloudFormation template as a tree of JSON nodes, with intrinsic functions in their long form.</summary>
internal sealed class CloudFormationTemplate
{
    public const string Path = "infrastructure/digest-store.yaml";

    private CloudFormationTemplate(JsonObject root) => Root = root;

    public JsonObject Root { get; }

    public JsonObject Resources => Section("Resources");

    public JsonObject Parameters => Section("Parameters");

    public static CloudFormationTemplate Load() => Parse(RepositoryFiles.TextOf(Path));

    /// <summary>The template as one deploys it who wants everything that it makes only on request.</summary>
    public static CloudFormationTemplate LoadWhole() => Load().Whole();

    public static CloudFormationTemplate Parse(string yaml) => new(YamlTree.Parse(yaml));

    /// <summary>A copy that <paramref name="change"/> has altered.</summary>
    public CloudFormationTemplate With(Action<CloudFormationTemplate> change)
    {
        var copy = new CloudFormationTemplate((JsonObject)Root.DeepClone());
        change(copy);
        return copy;
    }

    /// <summary>A copy whose parameters have values for everything that it makes only on request.</summary>
    public CloudFormationTemplate Whole() => With(static template =>
    {
        if (template.Parameters["DeliveredByHour"] is JsonObject parameter)
        {
            parameter["Default"] = "8";
        }
    });

    public JsonObject Resource(string logicalId) =>
        Resources[logicalId] as JsonObject ?? throw new KeyNotFoundException($"The template has no resource '{logicalId}'; it has {string.Join(", ", Resources.Select(static entry => entry.Key))}.");

    public JsonObject Properties(string logicalId) =>
        Resource(logicalId)["Properties"] as JsonObject ?? throw new KeyNotFoundException($"The resource '{logicalId}' has no properties.");

    /// <summary>The logical ids and bodies of all resources of one type, such as <c>AWS::CloudWatch::Alarm</c>, that are made with the default parameters.</summary>
    public IEnumerable<KeyValuePair<string, JsonObject>> OfType(string type) =>
        from entry in Resources
        where (string?)entry.Value!["Type"] == type && (entry.Value["Condition"] is not { } condition || new Resolution(this, null).Holds((string)condition!))
        select KeyValuePair.Create(entry.Key, (JsonObject)entry.Value!);

    /// <summary>A copy of <paramref name="node"/> without intrinsic functions, as CloudFormation would hand it to the service.</summary>
    /// <param name="node">A part of this template.</param>
    /// <param name="parameters">Values of parameters that differ from the defaults.</param>
    public JsonNode? Resolve(JsonNode? node, IReadOnlyDictionary<string, string>? parameters = null) => new Resolution(this, parameters).Resolve(node);

    private JsonObject Section(string name) => Root[name] as JsonObject ?? throw new KeyNotFoundException($"The template has no section '{name}'.");
}
