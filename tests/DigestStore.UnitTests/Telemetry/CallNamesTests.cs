using System.Diagnostics;
using DigestStore.Telemetry;

namespace DigestStore.UnitTests.Telemetry;

public sealed class CallNamesTests
{
    [Theory]
    [InlineData("call-1", "call-1")]
    [InlineData("a\r\nb\tc\u0000d\u001b[0m", "a  b c d [0m")]
    [InlineData("x\u2028y\u0085z", "x y z")]
    public void A_given_id_is_kept_as_one_line_of_plain_text(string given, string kept) => Assert.Equal(kept, Correlation(given));

    [Fact]
    public void A_long_id_is_cut()
    {
        Assert.Equal(new string('x', 128), Correlation(new string('x', 128)));
        Assert.Equal(new string('x', 128), Correlation(new string('x', 1_000_000)));
        Assert.Equal(128, Correlation(new string('x', 127) + "\ud83d\ude00").Length);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t")]
    public void Without_one_the_activity_s_trace_id_is_taken(string? given)
    {
        using var activity = new Activity("test");
        activity.SetIdFormat(ActivityIdFormat.W3C);
        activity.Start();

        Assert.Equal(activity.TraceId.ToHexString(), Correlation(given));
    }

    [Fact]
    public void Without_either_a_random_id_is_made()
    {
        Activity.Current = null;
        string id = Correlation(null);

        Assert.Matches("^[0-9a-f]{32}$", id);
        Assert.NotEqual(id, Correlation(null));
    }

    [Fact]
    public void An_activity_of_another_format_is_not_taken()
    {
        using var activity = new Activity("test");
        activity.SetIdFormat(ActivityIdFormat.Hierarchical);
        activity.Start();

        Assert.Matches("^[0-9a-f]{32}$", Correlation(null));
    }

    [Theory]
    [InlineData("nightly job", "nightly job")]
    [InlineData("a\r\nb", "a  b")]
    public void A_given_caller_is_kept_as_one_line_of_plain_text(string given, string kept) => Assert.Equal(kept, new CallNames(null, given).Caller);

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    public void Without_a_caller_the_process_is_named(string? given) =>
        Assert.Equal(System.Reflection.Assembly.GetEntryAssembly()!.GetName().Name, new CallNames(null, given).Caller);

    private static string Correlation(string? given) => new CallNames(given, null).CorrelationId;
}
