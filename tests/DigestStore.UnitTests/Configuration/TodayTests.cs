using System.Globalization;

namespace DigestStore.UnitTests.Configuration;

public sealed class TodayTests
{
    // The clock of the tests shows 2026-11-21T06:00:00Z at its start.
    [Theory]
    [InlineData("UTC", 17.5, "2026-11-21")]
    [InlineData("Europe/Berlin", 17.5, "2026-11-22")]
    [InlineData("America/Los_Angeles", 1.9, "2026-11-20")]
    [InlineData("America/Los_Angeles", 2.1, "2026-11-21")]
    public void Today_is_the_date_in_the_time_zone_of_the_options(string zone, double hours, string expected)
    {
        var clock = new FixedClock();
        clock.Advance(TimeSpan.FromHours(hours));

        Assert.Equal(expected, new DigestStoreOptions { TimeZone = zone }.Today(clock).ToString("O", CultureInfo.InvariantCulture));
    }
}
