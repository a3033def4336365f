using System.Diagnostics;
using DigestStore.Telemetry;

namespace DigestStore.UnitTests.Telemetry;

public sealed class CallNamesTests
{
    [Theory]
    [InlineData("call-1", "call-1")]
    [InlineData("a\r\nb\tc\u0000d\u001b[0m", "a  b c d [0m")]
    [InlineData("x\u2028y\u0085z", "x y z")]
    public void A_given_id_is_kept_as_one_line_of_plain_text(string given, string kept) => Assert.Equal(kept, CallNames.Correlation(given));

    [Fact]
    public void A_long_id_is_cut()
    {
        Assert.Equal(new string('x', 128), CallNames.Correlation(new string('x', 128)));
        Assert.Equal(new string('x', 128), CallNames.Correlation(new string('x', 1_000_000)));
        Assert.Equal(128, CallNames.Correlation(new string('x', 127) + "\ud83d\ude00").Length);
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

        Assert.Equal(activity.TraceId.ToHexString(), CallNames.Correlation(given));
    }

    [Fact]
    public void Without_either_a_random_id_is_made()
    {
        Activity.Current = null;
        string id = CallNames.Correlation(null);

        Assert.Matches("^[0-9a-f]{32}$", id);
        Assert.NotEqual(id, CallNames.Correlation(null));
    }

    [Fact]
    public void An_activity_of_another_format_is_not_taken()
    {
        using var activity = new Activity("test");
        activity.SetIdFormat(ActivityIdFormat.Hierarchical);
        activity.Start();

        Assert.Matches("^[0-9a-f]{32}$", CallNames.Correlation(null));
    }
}
