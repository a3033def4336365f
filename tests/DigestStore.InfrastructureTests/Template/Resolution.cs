using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DigestStore.InfrastructureTests.Template;

/// <summary>Evaluates intrinsic functions for one account and region.</summary>
internal sealed partial class Resolution(CloudFormationTemplate template, IReadOnlyDictionary<string, string>? parameters)
{
    public const string Account = "123456789012";
    public const string Region = "eu-central-1";

    public JsonNode? Resolve(JsonNode? node) => node switch
    {
        JsonObject { Count: 1 } function when Function(function) is { } name => Evaluate(name, function[name]),
        JsonObject members => Members(members),
        JsonArray entries => new JsonArray([.. entries.Where(entry => !IsNoValue(entry)).Select(Resolve)]),
        _ => node?.DeepClone(),
    };

    private static string? Function(JsonObject node)
    {
        string name = node.First().Key;
        return name == "Ref" || name.StartsWith("Fn::", StringComparison.Ordinal) ? name : null;
    }

    private JsonObject Members(JsonObject members)
    {
        var result = new JsonObject();
        foreach ((string name, JsonNode? value) in members)
        {
            if (!IsNoValue(value))
            {
                result.Add(name, Resolve(value));
            }
        }

        return result;
    }

    private JsonNode? Evaluate(string function, JsonNode? argument) => function switch
    {
        "Ref" => Reference((string)argument!),
        "Fn::GetAtt" => Attribute((string)argument![0]!, (string)argument[1]!),
        "Fn::Sub" when argument is JsonArray { Count: 2 } pair => Substitute((string)pair[0]!, (JsonObject)pair[1]!),
        "Fn::Sub" => Substitute((string)argument!, []),
        "Fn::Join" => string.Join((string)argument![0]!, ((JsonArray)Resolve(argument[1])!).Select(Text)),
        "Fn::If" => Resolve(Branch((JsonArray)argument!)),
        _ => throw new NotSupportedException($"The tests do not know '{function}'. Add it to {nameof(Resolution)}."),
    };

    private JsonNode? Branch(JsonArray arguments) => arguments[Holds((string)arguments[0]!) ? 1 : 2];

    private bool IsNoValue(JsonNode? node) => node switch
    {
        JsonObject { Count: 1 } function when function.ContainsKey("Ref") => (string?)function["Ref"] == "AWS::NoValue",
        JsonObject { Count: 1 } function when function["Fn::If"] is JsonArray arguments => IsNoValue(Branch(arguments)),
        _ => false,
    };

    public bool Holds(string condition) =>
        Truth(template.Root["Conditions"]?[condition] ?? throw new KeyNotFoundException($"The template has no condition '{condition}'."));

    private bool Truth(JsonNode? condition)
    {
        (string function, JsonNode? argument) = ((JsonObject)condition!).Single();
        return function switch
        {
            "Condition" => Holds((string)argument!),
            "Fn::Equals" => Text(Resolve(argument![0])) == Text(Resolve(argument[1])),
            "Fn::Not" => !Truth(argument![0]),
            "Fn::And" => ((JsonArray)argument!).All(Truth),
            "Fn::Or" => ((JsonArray)argument!).Any(Truth),
            _ => throw new NotSupportedException($"The tests do not know the condition function '{function}'. Add it to {nameof(Resolution)}."),
        };
    }

    private JsonNode Substitute(string text, JsonObject variables) => Placeholder().Replace(text, match =>
    {
        string name = match.Groups["name"].Value;
        if (name.StartsWith('!'))
        {
            return $"${{{name[1..]}}}";
        }

        if (variables.TryGetPropertyValue(name, out JsonNode? value))
        {
            return Text(Resolve(value));
        }

        int dot = name.IndexOf('.', StringComparison.Ordinal);
        return Text(dot < 0 ? Reference(name) : Attribute(name[..dot], name[(dot + 1)..]));
    });

    private JsonNode Reference(string name) => name switch
    {
        "AWS::AccountId" => Account,
        "AWS::Region" => Region,
        "AWS::Partition" => "aws",
        "AWS::StackName" => "digest-store",
        _ when template.Parameters[name] is JsonObject parameter => parameters?.GetValueOrDefault(name) is { } value
            ? value
            : parameter["Default"]?.DeepClone() ?? throw new KeyNotFoundException($"The parameter '{name}' has no default."),
        _ => ResourceReference(name),
    };

    // What `Ref` returns differs from type to type. A made-up id stands for those that AWS makes up.
    private JsonNode ResourceReference(string logicalId) => Type(logicalId) switch
    {
        "AWS::SNS::Topic" or "AWS::IAM::ManagedPolicy" => Attribute(logicalId, "Arn"),
        "AWS::DynamoDB::Table" => Name(logicalId, "TableName"),
        "AWS::S3::Bucket" => Name(logicalId, "BucketName"),
        "AWS::Logs::LogGroup" => Name(logicalId, "LogGroupName"),
        "AWS::CloudWatch::Alarm" => Name(logicalId, "AlarmName"),
        _ => $"id-of-{logicalId}",
    };

    private JsonNode Attribute(string logicalId, string attribute) => (Type(logicalId), attribute) switch
    {
        ("AWS::DynamoDB::Table", "Arn") => Arn("dynamodb", $"table/{Name(logicalId, "TableName")}"),
        ("AWS::DynamoDB::Table", "StreamArn") => Arn("dynamodb", $"table/{Name(logicalId, "TableName")}/stream/2026-11-21T05:30:00.000"),
        ("AWS::KMS::Key", "Arn") => Arn("kms", $"key/id-of-{logicalId}"),
        ("AWS::SNS::Topic", "Arn" or "TopicArn") => Arn("sns", Name(logicalId, "TopicName")),
        ("AWS::S3::Bucket", "Arn") => $"arn:aws:s3:::{Name(logicalId, "BucketName")}",
        ("AWS::Logs::LogGroup", "Arn") => Arn("logs", $"log-group:{Name(logicalId, "LogGroupName")}:*"),
        ("AWS::CloudWatch::Alarm", "Arn") => Arn("cloudwatch", $"alarm:{Name(logicalId, "AlarmName")}"),
        ("AWS::IAM::ManagedPolicy", "Arn") => $"arn:aws:iam::{Account}:policy/{logicalId}",
        ("AWS::IAM::Role", "Arn") => $"arn:aws:iam::{Account}:role/{logicalId}",
        (_, "Arn" or "BackupVaultArn") => $"arn-of-{logicalId}",
        (var type, _) => throw new NotSupportedException($"The tests do not know the attribute '{attribute}' of {type}. Add it to {nameof(Resolution)}."),
    };

    private string Type(string logicalId) => (string)template.Resource(logicalId)["Type"]!;

    // CloudFormation makes a name up where the template has none.
    private string Name(string logicalId, string property) =>
        template.Properties(logicalId)[property] is { } name ? Text(Resolve(name)) : $"name-of-{logicalId}";

    private static string Arn(string service, string resource) => $"arn:aws:{service}:{Region}:{Account}:{resource}";

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : node!.ToJsonString();

    [GeneratedRegex(@"\$\{(?<name>[^}]+)\}", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
