using System.Text.Json;
using DigestStore.UnitTests.CloudWatch;
using static DigestStore.UnitTests.CloudWatch.Emitter;

namespace DigestStore.UnitTests.Docs;

// docs/cloudwatch.md shows what is written.
public sealed class CloudWatchPageTests
{
    private static readonly DocumentPage Page = new("docs/cloudwatch.md");

    [Fact]
    public void The_line_on_the_page_is_one_that_is_written()
    {
        using var emitter = new Emitter();
        emitter.Items.Add(42, Tags(("outcome", "inserted"), ("table", "digests")));

        EmfDocument line = emitter.Flush().Single(static line => line.Sets.Contains("outcome=inserted,table=digests"));

        Assert.True(JsonElement.DeepEquals(Page.Json("## A line"), line.Root), line.Root.GetRawText());
    }

    [Fact]
    public void Every_option_is_on_the_page() => Assert.Equal(
        typeof(CloudWatchMetricsOptions).GetProperties().Select(static property => property.Name).Order(StringComparer.Ordinal),
        Page.Rows("## Options").Select(static cells => cells[0]).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_option_of_the_health_check_is_on_its_page() => Assert.Equal(
        typeof(DigestStoreHealthOptions).GetProperties().Select(static property => property.Name).Order(StringComparer.Ordinal),
        new DocumentPage("docs/health.md").Rows("## Options").Select(static cells => cells[0]).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_reason_is_on_the_page_of_the_health_check() => Assert.All(
        Enum.GetNames<DigestStoreErrorReason>().Except([nameof(DigestStoreErrorReason.NotStored)]),
        static reason => Assert.Contains($"`{reason}`", new DocumentPage("docs/health.md").Text, StringComparison.Ordinal));
}
