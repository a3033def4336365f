using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DigestStore.InfrastructureTests.Monitoring;
using DigestStore.InfrastructureTests.Template;
using DigestStore.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DigestStore.InfrastructureTests.Runbook;

// Every command of docs/runbook.md is run here, or marked as one that needs an AWS account.
public sealed partial class RunbookTests(RunbookDay day) : IClassFixture<RunbookDay>
{
    private static readonly IReadOnlyList<RunbookCommand> Commands = RunbookCommand.AllOf(MarkdownPage.Load("docs/runbook.md"));

    private Dictionary<string, string> Shell => new(StringComparer.Ordinal) { ["TABLE"] = day.Table, ["DIGEST"] = "daily", ["DATE"] = "2026-11-21", ["LETTERS"] = day.Letters };

    [Fact]
    public async Task Every_command_about_the_table_works_and_finds_something()
    {
        RunbookCommand[] commands = [.. Commands.Where(static command => command is { IsAws: true, NeedsAccount: false })];
        Assert.True(commands.Length >= 4);
        foreach (RunbookCommand command in commands)
        {
            (HttpStatusCode status, JsonObject answer) = await AwsCall.Of(await command.ArgumentsAsync(Shell)).SendAsync(Engines.DynamoDbLocal);

            Assert.True(status == HttpStatusCode.OK, $"{command.Text}\n{answer}");
            Assert.True(answer.ContainsKey("Table") || (int?)answer["Count"] > 0, $"{command.Text}\n{answer}");
        }
    }

    [Fact]
    public async Task The_count_and_the_header_are_those_of_the_day()
    {
        JsonObject count = await AnswerAsync("--select COUNT");
        JsonObject header = await AnswerAsync("lastStoreStatus");

        Assert.Equal(RunbookDay.Items, (int?)count["Count"]);
        Assert.Equal("stored", (string?)header["Items"]![0]!["lastStoreStatus"]!["S"]);
        Assert.Equal("1", (string?)header["Items"]![0]!["idRules"]!["S"]);
    }

    [Fact]
    public async Task Every_command_about_dead_letters_works()
    {
        RunbookCommand[] commands = [.. Commands.Where(static command => command is { IsAws: false, IsSetting: false, IsSample: false })];
        Assert.True(commands.Length >= 6);
        foreach (RunbookCommand command in commands)
        {
            (int exitCode, string output) = await command.RunAsync(Shell);

            Assert.True(exitCode == 0 && output.Length > 0, $"{command.Text}\n{exitCode}: {output}");
        }

        Assert.Equal("3", await OutputAsync("wc -l"));
        Assert.Contains("2 \"reason\":\"RefusedByTable\"", await OutputAsync("grep -ho '\"reason\""), StringComparison.Ordinal);
        Assert.Equal("3 \"date\":\"2026-11-21\"", await OutputAsync("grep -o '\"date\""));
        Assert.Equal("1", await OutputAsync("grep -c '\"delivery\""));
    }

    [Fact]
    public async Task The_email_and_the_failed_days_are_those_of_the_table()
    {
        JsonObject email = await AnswerAsync("deliveredAt, sentCount");
        JsonObject failed = await AnswerAsync("--index-name by-status");

        Assert.Equal(("delivered", $"{RunbookDay.Items}"), ((string?)email["Items"]![0]!["status"]!["S"], (string?)email["Items"]![0]!["sentCount"]!["N"]));
        Assert.Equal(["2026-11-20"], failed["Items"]!.AsArray().Select(static day => (string?)day!["gsi1sk"]!["S"]));
        Assert.StartsWith("retry: ", (string?)failed["Items"]![0]!["lastError"]!["S"], StringComparison.Ordinal);
    }

    [Fact]
    public void Every_status_of_a_delivery_and_every_outcome_is_in_the_table_that_says_what_to_do()
    {
        var page = MarkdownPage.Load("docs/runbook.md");

        Assert.Equal(
            Enum.GetNames<DeliveryStatus>().Select(static name => name.ToLowerInvariant()).Order(StringComparer.Ordinal),
            page.Rows("## What became of the email of a day").SelectMany(static row => Words(row[0])).Order(StringComparer.Ordinal));
        Assert.Equal(
            Enum.GetNames<DeliveryOutcome>().Order(StringComparer.Ordinal),
            page.Rows("### not-delivered").SelectMany(static row => Words(row[0])).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_option_of_the_sample_that_is_named_is_one_of_its_own()
    {
        string known = RepositoryFiles.TextOf("samples/EmailDigest/CommandLine.cs");
        List<string> verbs = [];
        foreach (RunbookCommand command in Commands.Where(static command => command.IsSample))
        {
            string[] arguments = [.. (await command.ArgumentsAsync(Shell)).SkipWhile(static argument => argument != "--").Skip(1)];
            string[] options = [.. arguments.Where(static argument => argument.StartsWith("--", StringComparison.Ordinal))];
            bool isJob = arguments[0].StartsWith("--", StringComparison.Ordinal);
            verbs.Add(isJob ? "job" : arguments[0]);

            Assert.Contains(Shell["DATE"], arguments);
            Assert.All(isJob ? options : [arguments[0], .. options], word => Assert.Contains($"\"{word}\"", known, StringComparison.Ordinal));
        }

        Assert.Equal(["status", "resolve", "job"], verbs);
    }

    [Fact]
    public async Task The_switch_turns_the_store_off()
    {
        Dictionary<string, string?> settings = Commands.Where(static command => command.IsSetting && command.Text.Contains("DigestStore__", StringComparison.Ordinal))
            .Select(static command => command.Text["export ".Length..].Split('='))
            .ToDictionary(static parts => parts[0].Replace("__", ":", StringComparison.Ordinal), static parts => (string?)parts[1]);
        await using ServiceProvider services = new ServiceCollection()
            .AddSingleton(day.Client)
            .AddDigestStore(new ConfigurationBuilder().AddInMemoryCollection(settings).AddInMemoryCollection([new("DigestStore:TableName", day.Table)]).Build()).Services
            .BuildServiceProvider();

        StoreResult result = await services.GetRequiredService<IDigestRepository>().StoreAsync(RunbookDay.Date, RunbookDay.Feed(0), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(2, settings.Count);
        Assert.Equal((StoreStatus.Disabled, RunbookDay.Items, 0), (result.Status, result.Skipped, result.Cost.Requests));
    }

    // DynamoDB Local does not know them, and nothing else here does either. No command that changes a table is run.
    [Fact]
    public async Task Only_what_cannot_be_run_without_an_account_is_marked()
    {
        foreach (RunbookCommand command in Commands.Where(static command => command.NeedsAccount))
        {
            string[] arguments = await command.ArgumentsAsync(Shell);
            if (arguments[0] == "dynamodb" && arguments[1] != "update-table")
            {
                (HttpStatusCode status, JsonObject answer) = await AwsCall.Of(arguments).SendAsync(Engines.DynamoDbLocal);
                Assert.True(status == HttpStatusCode.BadRequest && answer.ToJsonString().Contains("UnknownOperation", StringComparison.Ordinal), $"DynamoDB Local knows it: {command.Text}\n{answer}");
            }
        }
    }

    [Fact]
    public async Task What_reads_the_table_is_allowed_to_the_operator()
    {
        var template = CloudFormationTemplate.Load();
        JsonNode policy = template.Resolve(template.Properties("OperatorPolicy")["PolicyDocument"])!;
        string[] allowed = [.. policy["Statement"]!.AsArray().Select(static statement => statement!["Action"]!).SelectMany(static action => action as IEnumerable<JsonNode?> ?? [action]).Select(static action => (string)action!)];

        foreach (RunbookCommand command in Commands.Where(static command => command is { IsAws: true, NeedsAccount: false }))
        {
            Assert.Contains($"dynamodb:{AwsCall.Of(await command.ArgumentsAsync(Shell)).Operation}", allowed);
        }
    }

    // A cell names one or several words as code; what is not code explains.
    private static IEnumerable<string> Words(string cell) => Code().Matches($"`{cell}`").Select(static word => word.Groups["word"].Value);

    private static RunbookCommand Find(string part) => Commands.First(command => command.Text.Contains(part, StringComparison.Ordinal));

    private async Task<JsonObject> AnswerAsync(string part) => (await AwsCall.Of(await Find(part).ArgumentsAsync(Shell)).SendAsync(Engines.DynamoDbLocal)).Answer;

    [GeneratedRegex("`(?<word>[A-Za-z]+)`", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Code();

    private async Task<string> OutputAsync(string part) => (await Find(part).RunAsync(Shell)).Output.Trim();
}
