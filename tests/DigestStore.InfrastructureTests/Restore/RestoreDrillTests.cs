using System.Diagnostics;
using System.Text.RegularExpressions;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using DigestStore.InfrastructureTests.Template;
using DigestStore.TestSupport;
using RestoreDrill;

namespace DigestStore.InfrastructureTests.Restore;

public sealed partial class RestoreDrillTests
{
    private static readonly string Template = RepositoryFiles.PathOf(CloudFormationTemplate.Path);

    [Fact]
    public async Task A_damaged_day_comes_back_and_the_doctor_says_when_the_table_is_whole_again()
    {
        (int exitCode, string[] lines) = await DrillAsync("--days", "3", "--items", "60");

        Assert.Equal(0, exitCode);
        Assert.Contains(lines, static line => FaultyJob().IsMatch(line));
        Assert.Matches(@"^   Days whose content differs: \d{4}-\d\d-\d\d\.$", lines.Single(static line => line.Contains("differs", StringComparison.Ordinal)));
        Assert.Contains(lines, static line => line.StartsWith("   3 of 3 days have the same hash over all records and attributes. The application reads 20 items of", StringComparison.Ordinal));

        // What a restore loses is named before, and not after.
        int putBack = Array.FindIndex(lines, static line => line.Contains("settings are put back", StringComparison.Ordinal));
        string[] lost = ["time-to-live", "deletion-protection", "stream"];
        Assert.All(lost, name => Assert.Single(lines[..putBack], line => line.Contains($" {name}: ", StringComparison.Ordinal)));
        Assert.All(lost, name => Assert.DoesNotContain(lines[putBack..], line => line.Contains($" {name}: ", StringComparison.Ordinal)));
        Assert.Single(lines[putBack..], static line => line.Contains("NotKnown point-in-time-recovery", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_drill_leaves_no_table_behind()
    {
        using IAmazonDynamoDB client = Engines.CreateClient(Engines.DynamoDbLocal);

        (_, string[] lines) = await DrillAsync("--days", "1", "--items", "4");

        string table = lines[1].Trim().Split(':')[0];
        Assert.StartsWith("drill-", table, StringComparison.Ordinal);
        foreach (string name in new[] { table, table + "-copy", table + "-restored" })
        {
            await Assert.ThrowsAsync<ResourceNotFoundException>(() => client.DescribeTableAsync(name, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task Every_command_that_the_drill_prints_is_explained_on_the_page()
    {
        (_, string[] lines) = await DrillAsync("--days", "1", "--items", "4");

        string page = RepositoryFiles.TextOf("docs/restore.md");
        string table = lines[1].Trim().Split(':')[0] + "-restored";
        string[] commands = [.. lines.Select(static line => line.Trim()).Where(static line => line.StartsWith("aws ", StringComparison.Ordinal) || line.StartsWith("sed ", StringComparison.Ordinal))];
        Assert.Equal(11, commands.Length);
        Assert.All(commands, command => Assert.Contains(command.Replace(table, "digests-restored", StringComparison.Ordinal), page.Replace(" \\\n    ", " ", StringComparison.Ordinal), StringComparison.Ordinal));
    }

    // CloudFormation imports a resource only if its name is a literal in the template.
    [Fact]
    public async Task The_copy_of_the_template_that_is_imported_differs_by_the_literal_name_of_the_table_alone()
    {
        string[] commands = [.. AwsCommands.For("digests-restored", TemplateSettings.Read(Template))];
        string copying = Assert.Single(commands, static command => command.StartsWith("sed ", StringComparison.Ordinal));
        Assert.EndsWith(" > digests-restored.yaml", copying, StringComparison.Ordinal);
        Assert.Single(commands, static command => command == "aws s3 cp digests-restored.yaml s3://BUCKET/digests-restored.yaml");
        Assert.Single(commands, static command => command.Contains(" --import-existing-resources --template-url https://BUCKET.s3.REGION.amazonaws.com/digests-restored.yaml ", StringComparison.Ordinal));

        DirectoryInfo directory = Directory.CreateTempSubdirectory("digest-store-restore-");
        try
        {
            File.Copy(Template, Path.Combine(directory.CreateSubdirectory("infrastructure").FullName, "digest-store.yaml"));
            using Process shell = Process.Start(new ProcessStartInfo("sh", ["-c", copying]) { WorkingDirectory = directory.FullName })!;
            await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, shell.ExitCode);

            string copy = await File.ReadAllTextAsync(Path.Combine(directory.FullName, "digests-restored.yaml"), TestContext.Current.CancellationToken);
            CloudFormationTemplate expected = CloudFormationTemplate.Load().With(static template => template.Set("DigestTable/Properties/TableName", "digests-restored"));
            Assert.Equal(expected.Root.ToJsonString(), CloudFormationTemplate.Parse(copy).Root.ToJsonString());
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void The_settings_are_those_of_the_template()
    {
        TemplateSettings settings = TemplateSettings.Read(Template);

        Assert.Equal(("expiresAt", "NEW_IMAGE", true, 35), (settings.ExpiryAttribute, settings.StreamView, settings.IsProtected, settings.RecoveryDays));
        Assert.Contains(("application", "digest-store"), settings.Tags);
    }

    [Fact]
    public async Task A_single_attribute_that_differs_makes_another_hash()
    {
        using IAmazonDynamoDB client = Engines.CreateClient(Engines.DynamoDbLocal);
        var options = new DigestStoreOptions { TableName = "hashes-" + Guid.NewGuid().ToString("N") };
        DateOnly day = new(2026, 11, 21);
        await DigestTable.EnsureCreatedAsync(client, options, TestContext.Current.CancellationToken);
        using var repository = new DigestRepository(client, options);
        await repository.StoreAsync(day, [new DigestItem { Url = "https://example.com/", Title = "A", Tags = ["t"], Metadata = new Dictionary<string, string> { ["k"] = "v" } }], cancellationToken: TestContext.Current.CancellationToken);

        string before = await HashAsync();
        Assert.Equal(before, await HashAsync());
        Dictionary<string, AttributeValue> header = new() { ["pk"] = new("DIGEST#daily#2026-11-21"), ["sk"] = new("HEADER") };
        await client.UpdateItemAsync(options.TableName, header, new() { ["extra"] = new() { Value = new AttributeValue("x"), Action = AttributeAction.PUT } }, TestContext.Current.CancellationToken);

        Assert.NotEqual(before, await HashAsync());
        await client.DeleteTableAsync(options.TableName, TestContext.Current.CancellationToken);

        async Task<string> HashAsync() => (await DayHashes.OfAsync(client, options.TableName, [day], TestContext.Current.CancellationToken))[day];
    }

    [Theory]
    [InlineData("Usage:")]
    [InlineData("'--items 0' is wrong", "--items", "0")]
    [InlineData("'--endpoint https://dynamodb.eu-central-1.amazonaws.com' is wrong", "--endpoint", "https://dynamodb.eu-central-1.amazonaws.com")]
    [InlineData("'--what' is wrong", "--what")]
    public async Task Arguments_that_are_wrong_are_named(string message, params string[] args)
    {
        using var error = new StringWriter();

        int exitCode = await Program.RunAsync(args, TextWriter.Null, error, TestContext.Current.CancellationToken);

        Assert.Equal(2, exitCode);
        Assert.StartsWith(message, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_engine_the_drill_breaks_off_with_a_message()
    {
        using var error = new StringWriter();

        int exitCode = await Program.RunAsync(["--endpoint", "http://127.0.0.1:1", "--template", Template], TextWriter.Null, error, TestContext.Current.CancellationToken);

        Assert.Equal(1, exitCode);
        Assert.StartsWith("The drill broke off: ", error.ToString(), StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string[] Lines)> DrillAsync(params string[] args)
    {
        using var output = new StringWriter();
        int exitCode = await Program.RunAsync(["--endpoint", Engines.DynamoDbLocal.AbsoluteUri, "--template", Template, .. args], output, TextWriter.Null, TestContext.Current.CancellationToken);
        return (exitCode, output.ToString().ReplaceLineEndings("\n").Split('\n'));
    }

    [GeneratedRegex("^   At .* UTC a faulty job deleted 10 items of .* and overwrote 10 titles\\.$", RegexOptions.CultureInvariant)]
    private static partial Regex FaultyJob();
}
