using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace RestoreDrill;

/// <summary>The settings of the template's table that a restore does not bring back, read from the template itself.</summary>
internal sealed record TemplateSettings(string ExpiryAttribute, string StreamView, bool IsProtected, int RecoveryDays, IReadOnlyList<(string Key, string Value)> Tags)
{
    public static TemplateSettings Read(string path)
    {
        var stream = new YamlStream();
        using (StreamReader reader = File.OpenText(path))
        {
            stream.Load(reader);
        }

        YamlNode root = stream.Documents[0].RootNode;
        YamlNode table = root["Resources"]["DigestTable"]["Properties"];
        YamlNode recovery = table["PointInTimeRecoverySpecification"]["RecoveryPeriodInDays"];
        return new TemplateSettings(
            Text(table["TimeToLiveSpecification"]["AttributeName"]),
            Text(table["StreamSpecification"]["StreamViewType"]),
            bool.Parse(Text(table["DeletionProtectionEnabled"])),
            int.Parse(recovery.Tag == "!Ref" ? Text(root["Parameters"][Text(recovery)]["Default"]) : Text(recovery), CultureInfo.InvariantCulture),
            [.. ((YamlSequenceNode)table["Tags"]).Select(static tag => (Text(tag["Key"]), Text(tag["Value"])))]);
    }

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;
}
