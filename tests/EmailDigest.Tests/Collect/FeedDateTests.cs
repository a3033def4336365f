using EmailDigest.Collect;

namespace EmailDigest.Tests.Collect;

public sealed class FeedDateTests
{
    [Theory]
    [InlineData("2026-11-20T08:00:00+01:00", "2026-11-20T07:00:00")]
    [InlineData("2026-11-20T08:00:00.123Z", "2026-11-20T08:00:00")]
    [InlineData("2026-11-20", "2026-11-20T00:00:00")]
    [InlineData("Fri, 20 Nov 2026 08:00:00 GMT", "2026-11-20T08:00:00")]
    [InlineData("Mon, 20 Nov 2026 08:00:00 GMT", "2026-11-20T08:00:00")]
    [InlineData("Wed, 17 Jan 2018 15:50:00 EST", "2018-01-17T20:50:00")]
    [InlineData("Thu, 07 Dec 17 10:00:29 -0800", "2017-12-07T18:00:29")]
    [InlineData("20 Nov 2026 08:00 PST", "2026-11-20T16:00:00")]
    [InlineData("Fri, 20 Nov 2026 08:00:00 +0000 (UTC)", "2026-11-20T08:00:00")]
    [InlineData("Fri, 20 Nov 2026 08:00:00 CEST (Berlin)", "2026-11-20T06:00:00")]
    [InlineData("Friday, 20 November 2026 08:00:00 GMT", "2026-11-20T08:00:00")]
    [InlineData("November 20, 2026", "2026-11-20T00:00:00")]
    [InlineData("2026-11-20 08:00:00", "2026-11-20T08:00:00")]
    public void Dates_of_feeds_are_read(string text, string expectedUtc)
    {
        Assert.True(FeedDate.TryParse(text, out DateTimeOffset date), text);
        Assert.Equal(expectedUtc, date.UtcDateTime.ToString("s", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("2026-13-40")]
    [InlineData("20 Nov 2026 08:00 NZXT")]
    [InlineData("10:14:55")]
    [InlineData("10:14")]
    [InlineData("Fri 10:14:55 GMT")]
    [InlineData("20 Nov")]
    [InlineData("Nov 2026")]
    [InlineData("2026")]
    [InlineData("12")]
    [InlineData("Fri, 20 Nov 2026 25:00:00 GMT")]
    public void What_is_no_date_is_reported(string text)
    {
        var problems = new FeedProblems();

        Assert.Null(FeedDate.Parse(text, problems.At(3)));
        Assert.Equal(["entry 3: a date that is none"], problems.ToList());
    }
}
