using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DigestStore.InfrastructureTests.Template;
using DigestStore.TestSupport;

namespace DigestStore.InfrastructureTests.Deploying;

public sealed partial class DeployPageTests
{
    private static readonly CloudFormationTemplate Template = CloudFormationTemplate.Load();
    private static readonly string Page = RepositoryFiles.TextOf("docs/deploy.md").ReplaceLineEndings("\n");

    [Theory]
    [InlineData("csharp", "infrastructure/cdk/DigestTableStack.cs")]
    [InlineData("hcl", "infrastructure/terraform/digest-table.tf")]
    [InlineData("json", "infrastructure/stack-policy.json")]
    public void A_snippet_is_the_file_that_the_tests_use(string language, string file) =>
        Assert.Contains($"```{language}\n{RepositoryFiles.TextOf(file).ReplaceLineEndings("\n")}```\n", Page, StringComparison.Ordinal);

    [Fact]
    public void Every_parameter_is_explained_with_its_default_and_none_besides()
    {
        IEnumerable<string> expected = Template.Parameters.Select(static parameter => $"{parameter.Key} = {Shown($"{parameter.Value!["Default"]}")}");

        Assert.Equal(expected.Order(StringComparer.Ordinal), ParameterRow().Matches(Page).Select(static row => $"{row.Groups["name"].Value} = {row.Groups["default"].Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_command_sets_parameters_of_the_template_only() =>
        Assert.All(Overrides().Matches(Page).SelectMany(static match => match.Groups["name"].Captures), name => Assert.True(Template.Parameters.ContainsKey(name.Value), $"The template has no parameter '{name.Value}'."));

    [Fact]
    public void Every_command_of_every_page_takes_the_template_from_a_bucket_since_it_is_larger_than_a_request()
    {
        string[] pages = [.. Directory.EnumerateFiles(RepositoryFiles.PathOf("docs"), "*.md", SearchOption.AllDirectories).Select(File.ReadAllText).Select(static page => page.ReplaceLineEndings("\n"))];
        string[] commands = [.. pages.SelectMany(static page => TemplateCommand().Matches(page)).Select(static command => command.Value)];

        Assert.True(new FileInfo(RepositoryFiles.PathOf(CloudFormationTemplate.Path)).Length > 51_200);
        Assert.Contains(commands, static command => command.Contains("create-change-set", StringComparison.Ordinal));
        Assert.Contains(commands, static command => command.Contains("cloudformation deploy", StringComparison.Ordinal));
        Assert.All(commands, static command => Assert.Contains(command.Contains("cloudformation deploy", StringComparison.Ordinal) ? "--s3-bucket BUCKET" : "--template-url https://BUCKET.s3.", command, StringComparison.Ordinal));
        Assert.All(pages, static page => Assert.DoesNotContain("--template-body file:", page, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_alarm_that_a_command_names_is_there()
    {
        IEnumerable<string?> alarms = Template.OfType("AWS::CloudWatch::Alarm").Select(static alarm => (string?)Template.Resolve(alarm.Value["Properties"]!["AlarmName"]));

        Assert.NotEmpty(AlarmName().Matches(Page));
        Assert.All(AlarmName().Matches(Page), match => Assert.Contains(match.Groups["name"].Value, alarms));
    }

    [Fact]
    public void Every_output_that_a_command_asks_for_is_there() =>
        Assert.All(Output().Matches(Page), match => Assert.True(Template.Root["Outputs"]!.AsObject().ContainsKey(match.Groups["name"].Value), $"The template has no output '{match.Groups["name"].Value}'."));

    [Fact]
    public void The_stack_policy_protects_all_that_is_retained()
    {
        JsonNode denied = JsonNode.Parse(RepositoryFiles.TextOf("infrastructure/stack-policy.json"))!["Statement"]!.AsArray().Single(static statement => (string?)statement!["Effect"] == "Deny")!;
        IEnumerable<string> retained = Template.Resources.Where(static resource => (string?)resource.Value!["DeletionPolicy"] == "Retain").Select(static resource => $"LogicalResourceId/{resource.Key}");

        Assert.Equal(retained.Order(StringComparer.Ordinal), denied["Resource"]!.AsArray().Select(static resource => (string)resource!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_a_deleted_stack_leaves_behind_is_listed()
    {
        IEnumerable<string> retained = Template.Resources.Where(static resource => (string?)resource.Value!["DeletionPolicy"] == "Retain").Select(static resource => resource.Key);

        Assert.All(retained, resource => Assert.Contains($"| `{resource}` |", Page, StringComparison.Ordinal));
    }

    private static string Shown(string value) => value.Length == 0 ? "\"\"" : value;

    [GeneratedRegex(@"^\| `(?<name>[A-Za-z]+)` \| `(?<default>[^`|]*)` \| ", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex ParameterRow();

    [GeneratedRegex(@"--parameter-overrides(?: (?<name>[A-Za-z]+)=[^ \n]+)+", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Overrides();

    [GeneratedRegex(@"^aws cloudformation (deploy|create-change-set|create-stack|update-stack) (?:[^\n]*\\\n)*[^\n]*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex TemplateCommand();

    [GeneratedRegex("--alarm-name (?<name>[^ \n]+)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex AlarmName();

    [GeneratedRegex(@"OutputKey=='(?<name>[A-Za-z]+)'", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Output();
}
