using System.Globalization;
using System.Text;
using DigestStore.Records;

namespace DigestStore.UnitTests.Records;

public sealed class InstantsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("th-TH")]
    [InlineData("ar-SA")]
    [InlineData("fa-IR")]
    [InlineData("tr-TR")]
    public void Instants_and_dates_are_written_and_read_alike_in_every_culture(string culture)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = Culture(culture);
        try
        {
            var instant = new DateTimeOffset(2026, 11, 21, 7, 5, 9, TimeSpan.FromHours(1)).AddTicks(1_234_567);
            Assert.Equal("2026-11-21T06:05:09.1234567Z", Instants.Write(instant));
            Assert.Equal(instant, Instants.Read(Instants.Write(instant)));
            Assert.Equal("DIGEST#daily#2026-11-21", RecordKeys.Partition("daily", new DateOnly(2026, 11, 21)));
            Assert.Equal(Instants.FromEpochSeconds("1790000000"), DateTimeOffset.FromUnixTimeSeconds(1_790_000_000));
            Assert.Equal("-1", ItemMapper.Number(-1).N);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("2026-11-21T06:05:09.1234567Z", 1_234_567)]
    [InlineData("2026-11-21T07:05:09.1234567+01:00", 1_234_567)]
    [InlineData("2026-11-21T06:05:09.1234567", 1_234_567)]
    [InlineData("2026-11-21T06:05:09.123Z", 1_230_000)]
    [InlineData("2026-11-21T06:05:09Z", 0)]
    [InlineData("2026-11-21 06:05:09", 0)]
    [InlineData("Sat, 21 Nov 2026 06:05:09 GMT", 0)]
    public void What_other_hands_have_written_is_read_in_UTC(string text, int ticks)
    {
        DateTimeOffset? instant = Instants.Read(text);

        Assert.Equal(instant, Instants.Read(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 6, 5, 9, TimeSpan.Zero).AddTicks(ticks), instant);
        Assert.Equal(TimeSpan.Zero, instant!.Value.Offset);
    }

    [Theory]
    [InlineData("2026-11-21T06:05:09.1234567Z")]
    [InlineData("0001-01-01T00:00:00.0000000Z")]
    [InlineData("9999-12-31T23:59:59.9999999Z")]
    [InlineData("2024-02-29T00:00:00.0000001Z")]
    public void Bytes_are_read_as_their_text_is_whatever_one_of_them_is(string text)
    {
        Assert.NotNull(Instants.Read(Encoding.UTF8.GetBytes(text)));
        for (int index = 0; index < text.Length; index++)
        {
            for (char other = ' '; other <= '~'; other++)
            {
                string changed = text[..index] + other + text[(index + 1)..];

                Assert.True(Instants.Read(changed) == Instants.Read(Encoding.UTF8.GetBytes(changed)), changed);
            }

            Assert.Equal(Instants.Read(text[..index]), Instants.Read(Encoding.UTF8.GetBytes(text[..index])));
        }
    }

    [Fact]
    public void The_first_and_the_last_instant_come_back()
    {
        Assert.Equal(DateTimeOffset.MinValue, Instants.Read(Instants.Write(DateTimeOffset.MinValue)));
        Assert.Equal(DateTimeOffset.MaxValue, Instants.Read(Instants.Write(DateTimeOffset.MaxValue)));
        Assert.Equal(DateTimeOffset.MinValue, Instants.FromEpochSeconds(Instants.ToEpochSeconds(DateTimeOffset.MinValue).ToString(CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void An_expiry_is_rounded_up_to_whole_seconds()
    {
        var whole = DateTimeOffset.FromUnixTimeSeconds(1_000);

        Assert.Equal(1_000, Instants.ToEpochSeconds(whole));
        Assert.Equal(1_001, Instants.ToEpochSeconds(whole.AddTicks(1)));
        Assert.Equal(1_001, Instants.ToEpochSeconds(whole.AddMilliseconds(999)));
        Assert.Equal(0, Instants.ToEpochSeconds(DateTimeOffset.UnixEpoch.AddTicks(-1)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("2026-13-01T00:00:00Z")]
    [InlineData("\u0662\u0660\u0662\u0666-11-21")]
    public void What_is_no_instant_is_none(string? text) => Assert.Null(Instants.Read(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1.5")]
    [InlineData("NaN")]
    [InlineData("1e9")]
    [InlineData(" 1")]
    [InlineData("253402300800")]
    [InlineData("-62135596801")]
    [InlineData("99999999999999999999999999999999999999")]
    public void What_is_no_epoch_second_of_the_calendar_is_none(string? text) => Assert.Null(Instants.FromEpochSeconds(text));

    private static CultureInfo Culture(string name)
    {
        Assert.SkipWhen(
            name.Length > 0 && CultureInfo.GetCultures(CultureTypes.AllCultures).Length < 2,
            "This process has no cultures: it runs with invariant globalisation.");
        return CultureInfo.GetCultureInfo(name);
    }
}
