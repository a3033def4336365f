using System.Text.Json;
using System.Text.Json.Nodes;
using DigestStore.InfrastructureTests.Template;

namespace DigestStore.InfrastructureTests.Doctor;

/// <summary>Each setting of the template's table has a check that notices when a live table has it otherwise.</summary>
public sealed class EverySettingTests
{
    // The name is the question itself, and the doctor looks at no tags. Of a key the table tells no more than its ARN: the finding
    // has the command that says whose it is.
    private static readonly string[] NotJudged = ["SSESpecification.KMSMasterKeyId", "TableName", "Tags[0].Key", "Tags[0].Value"];

    [Fact]
    public async Task Each_setting_of_the_template_that_a_table_has_otherwise_is_noticed() =>
        Assert.Equal(NotJudged, await UnnoticedAsync(TemplateAnswers.Settings(CloudFormationTemplate.Load())));

    [Fact]
    public async Task A_setting_that_comes_into_the_template_is_missed_until_the_doctor_judges_it()
    {
        JsonObject grown = TemplateAnswers.Settings(CloudFormationTemplate.Load());
        JsonNode second = grown["GlobalSecondaryIndexes"]![0]!.DeepClone();
        second["IndexName"] = "by-source";
        grown["GlobalSecondaryIndexes"]!.AsArray().Add(second);
        grown["ContributorInsightsSpecification"] = new JsonObject { ["Enabled"] = true };

        string[] unnoticed = await UnnoticedAsync(grown);

        Assert.Contains("ContributorInsightsSpecification.Enabled", unnoticed);
        Assert.Contains("GlobalSecondaryIndexes[1].IndexName", unnoticed);
        Assert.Contains("GlobalSecondaryIndexes[1].KeySchema[0].AttributeName", unnoticed);
        Assert.Contains("GlobalSecondaryIndexes[1].Projection.ProjectionType", unnoticed);
    }

    // The paths of the settings that a table can have otherwise while every check is ok.
    private static async Task<string[]> UnnoticedAsync(JsonObject settings)
    {
        var unnoticed = new SortedSet<string>(StringComparer.Ordinal);
        for (int index = 0; index < Leaves(settings).Count(); index++)
        {
            JsonObject other = settings.DeepClone().AsObject();
            JsonValue leaf = Leaves(other).ElementAt(index);
            string path = leaf.GetPath()[2..];
            leaf.ReplaceWith(Otherwise(leaf));
            await using var table = new ScriptedTable(TemplateAnswers.Of(other));

            DigestTableReport report = await table.InspectAsync();

            if (report.Checks.All(static check => check.Status == DigestTableCheckStatus.Ok))
            {
                unnoticed.Add(path);
            }
        }

        return [.. unnoticed];
    }

    private static IEnumerable<JsonValue> Leaves(JsonNode node) => node switch
    {
        JsonObject members => members.SelectMany(static member => Leaves(member.Value!)),
        JsonArray entries => entries.SelectMany(static entry => Leaves(entry!)),
        _ => [node.AsValue()],
    };

    private static JsonNode Otherwise(JsonValue leaf) => leaf.GetValueKind() switch
    {
        JsonValueKind.True => false,
        JsonValueKind.False => true,
        JsonValueKind.Number => 1,
        _ => $"{leaf}-other",
    };
}
