using System.Text;
using DigestStore.TestSupport;
using EmailDigest.Collect;
using EmailDigest.Tests.Support;

namespace EmailDigest.Tests;

/// <summary>What only a process of its own shows: signals, the two outputs and the end.</summary>
[Collection(AloneCollection.Name)]
public sealed class ProcessTests
{
    [Fact]
    public async Task Ctrl_C_ends_the_program_within_a_second_while_a_feed_does_not_come()
    {
        await using var server = new FeedServer();
        using var folder = new TemporaryFolder();

        using var sample = SampleProcess.Start(server.Stalled("/x"), "-o", folder.File("x.eml"));
        await server.Asked;

        AssertStopped(await sample.StopAsync(), folder);
    }

    [Fact]
    public async Task Ctrl_C_ends_the_program_within_a_second_while_a_large_feed_is_parsed()
    {
        using var folder = new TemporaryFolder();
        string pipe = await folder.PipeAsync("feed");
        const string Item = "<item><title>t</title><link>https://example.com/</link><description>&lt;b a=1&gt;x &lt;/b&gt;</description></item>";
        string items = new StringBuilder().Insert(0, Item, FeedLimits.Entries - 1).ToString();

        using var sample = SampleProcess.Start(pipe, "-o", folder.File("x.eml"));

        // The program has read all of it when the pipe has taken the last bytes, but for the few that a pipe holds.
        await File.WriteAllTextAsync(pipe, $"<rss version=\"2.0\"><channel>{items}<item><title>{new string('&', FeedLimits.Bytes - items.Length - 100)}", TestContext.Current.CancellationToken);

        AssertStopped(await sample.StopAsync(), folder);
    }

    [Theory]
    [InlineData("CreateTable", 1)]
    [InlineData("Query", 1)]
    [InlineData("BatchWriteItem", 1)]
    [InlineData("Query", 2)]
    [InlineData("Query", 3)]
    [InlineData("UpdateItem", 2)]
    public async Task Ctrl_C_ends_the_program_within_a_second_while_the_database_does_not_answer(string operation, int number)
    {
        await using ScriptedEndpoint database = ScriptedEndpoint.Start();
        database.On(operation).From(number).Answer(Fault.Stall());
        using var folder = new TemporaryFolder();

        using var sample = SampleProcess.Start("--endpoint", database.Uri.AbsoluteUri, "--dead-letters", folder.File("letters"), "-o", folder.File("x.eml"));
        await database.Requests.ArrivalOfAsync(operation, number);

        AssertStopped(await sample.StopAsync(), folder);
    }

    [Fact]
    public async Task Ctrl_C_ends_the_program_within_a_second_while_a_collector_does_not_answer()
    {
        await using var collector = new Collector(isSilent: true);
        using var folder = new TemporaryFolder();
        const string Never = "3600000"; // In milliseconds. Else a run on a busy machine asks the collector before its end.
        var environment = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = Never,
            ["OTEL_BLRP_SCHEDULE_DELAY"] = Never,
            ["OTEL_METRIC_EXPORT_INTERVAL"] = Never,
            ["EmailDigest__FlushTime"] = "00:10:00",
        };

        using var sample = SampleProcess.StartWith(environment, "-o", folder.File("x.eml"));
        await collector.Asked;
        Run run = await sample.StopAsync();

        // The collector is asked when the email has been written.
        Assert.Equal(ExitCode.EmailSent, run.ExitCode);
        Assert.True(File.Exists(folder.File("x.eml")));
        Assert.Contains("did not take everything before the program was stopped", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warnings_go_to_standard_error_and_no_line_is_broken()
    {
        using var folder = new TemporaryFolder();
        string missing = folder.File(string.Join('-', Enumerable.Repeat("missing", 15)) + ".xml");
        string items = string.Concat(Enumerable.Range(0, 25).Select(number => $"<item><title>t{number}</title><link>https://a-host-with-a-long-name.example.com/{number}</link></item>"));
        string good = folder.File("good.xml", $"<rss version=\"2.0\"><channel><title>A source with a name</title>{items}</channel></rss>");

        using var sample = SampleProcess.Start(missing, good, "-o", folder.File("x.eml"));
        Run run = await sample.EndAsync();

        Assert.Equal(ExitCode.EmailSent, run.ExitCode);
        Assert.Equal($"WARNING {missing}: no such file", run.Error.Trim());
        Assert.DoesNotContain("WARNING", run.Output, StringComparison.Ordinal);
        Assert.Contains("inserted, 0 updated, 0 unchanged, 0 duplicates, 0 rejected, 0 failed.", run.Output, StringComparison.Ordinal);
        Assert.Contains(run.Output.Split('\n'), line => line.Contains("A source with a name", StringComparison.Ordinal) && line.Contains("a-host-with-a-long-nam", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Wrong_arguments_are_told_on_standard_error()
    {
        using var sample = SampleProcess.Start("--max", "none");
        Run run = await sample.EndAsync();

        Assert.Equal((ExitCode.WrongArguments, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("ERROR --max: 'none' is not a number of links", run.Error, StringComparison.Ordinal);
    }

    // On a machine too busy to print the warning in time, the program ends without it.
    private static void AssertStopped(Run run, TemporaryFolder folder)
    {
        Assert.Equal(ExitCode.Stopped, run.ExitCode);
        Assert.False(File.Exists(folder.File("x.eml")));
    }
}
