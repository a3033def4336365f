using System.Text.Json;
using DigestStore.TestSupport;
using EmailDigest.Tests.Support;

namespace EmailDigest.Tests.Telemetry;

public sealed class CloudWatchTests
{
    [Fact]
    public async Task The_metrics_end_the_output_as_lines_that_CloudWatch_reads()
    {
        await using ScriptedEndpoint database = ScriptedEndpoint.Start();
        using var folder = new TemporaryFolder();
        string table = "cloudwatch-" + Path.GetRandomFileName(); // Other tests of the process measure too.

        Run run = await Run.ProgramAsync(
            "--metrics", "--endpoint", database.Uri.AbsoluteUri, "--table", table, "--dead-letters", folder.File("letters"), "-o", folder.File("x.eml"));

        Assert.Equal(ExitCode.EmailSent, run.ExitCode);
        string[] lines = run.Output[run.Output.IndexOf("Recorded as delivered: ", StringComparison.Ordinal)..].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        JsonElement[] metrics = [.. lines[1..].Select(line => JsonDocument.Parse(line).RootElement).Where(line => line.TryGetProperty("table", out JsonElement of) && of.GetString() == table)];
        Assert.NotEmpty(metrics);
        Assert.All(metrics, line => Assert.Equal("DigestStore", line.GetProperty("_aws").GetProperty("CloudWatchMetrics")[0].GetProperty("Namespace").GetString()));
        JsonElement inserted = Assert.Single(metrics, line => line.TryGetProperty("outcome", out JsonElement outcome) && outcome.GetString() == "inserted");
        Assert.Equal(30, inserted.GetProperty("digeststore.store.items").GetDouble());
    }

    [Fact]
    public async Task Without_being_asked_no_metrics_are_printed()
    {
        using var folder = new TemporaryFolder();

        Run run = await Run.ProgramAsync("-o", folder.File("x.eml"));

        Assert.DoesNotContain("_aws", run.Output, StringComparison.Ordinal);
    }
}
