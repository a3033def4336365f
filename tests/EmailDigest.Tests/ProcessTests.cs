using System.Diagnostics;
using EmailDigest.Tests.Support;

namespace EmailDigest.Tests;

/// <summary>What only a process of its own shows: signals, the two outputs and the end.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task Ctrl_C_ends_the_program_at_once_also_while_a_feed_does_not_come()
    {
        await using var server = new FeedServer();
        using var folder = new TemporaryFolder();
        string stalled = server.Stalled("/x");

        using var sample = SampleProcess.Start(stalled, "-o", folder.File("x.eml"));
        await server.Asked;
        var watch = Stopwatch.StartNew();
        sample.Stop();
        Run run = await sample.EndAsync();

        // It takes a second; a machine that is busy with other tests may need some more, but not the 15 s of the feed.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(8));
        Assert.Equal(ExitCode.Stopped, run.ExitCode);
        Assert.Equal("WARNING Stopped before the email was written.", run.Error.Trim());
        Assert.False(File.Exists(folder.File("x.eml")));
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

        Assert.Equal(ExitCode.EmailWritten, run.ExitCode);
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
}
