using System.Globalization;
using DigestStore.Testing;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

public sealed class CultureTests
{
    [Theory]
    [InlineData(Engine.DynamoDbLocal, "th-TH")]
    [InlineData(Engine.DynamoDbLocal, "ar-SA")]
    [InlineData(Engine.DynamoDbLocal, "fa-IR")]
    [InlineData(Engine.DynamoDbLocal, "tr-TR")]
    [InlineData(Engine.Dynalite, "th-TH")]
    [InlineData(Engine.Dynalite, "tr-TR")]
    [FaultRow(69, "The machine has another calendar, other digits, a Turkish i, or the day is about to end", "Keys and times are written as everywhere else: yyyy-MM-dd, ASCII digits, UTC.")]
    public async Task Keys_and_times_do_not_depend_on_the_culture(Engine engine, string culture)
    {
        Assert.True(DigestItemId.TryCreate("https://example.com/INDEX/i", out DigestItemId expected));
        var clock = new VirtualTimeProvider(new DateTimeOffset(2026, 11, 21, 23, 59, 59, 900, TimeSpan.FromHours(7)));
        await using EngineTable table = await EngineTable.StartAsync(engine, time: clock);
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            StoreResult result = await table.StoreAsync([new DigestItem { Url = "HTTPS://EXAMPLE.COM/INDEX/i", Title = "İıiI" }]);
            Assert.Equal(1, result.Inserted);
            Assert.Equal(expected, Assert.Single(await table.ReadAsync()).Id);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        var record = Assert.Single(await table.ItemsAsync());
        Assert.Equal("DIGEST#daily#2026-11-21", record["pk"].S);
        Assert.Equal("ITEM#" + expected, record["sk"].S);
        Assert.StartsWith("2026-11-21T16:59:59.9", record["createdAt"].S, StringComparison.Ordinal);
        Assert.Equal("1", record["revision"].N);
    }

    [Theory]
    [InlineData(Engine.DynamoDbLocal)]
    [InlineData(Engine.Dynalite)]
    [FaultRow(70, "The first and the last day and instant that .NET knows, or a local time that daylight saving skips", "They are stored and come back; nothing throws, with a retention either.")]
    public async Task The_ends_of_time_are_stored(Engine engine)
    {
        await using EngineTable table = await EngineTable.StartAsync(engine, options => options.Retention = TimeSpan.FromDays(36525));
        DateTimeOffset inTheGap = new(new DateTime(2026, 3, 29, 2, 30, 0, DateTimeKind.Unspecified), TimeSpan.FromHours(1));
        DateTimeOffset[] instants = [DateTimeOffset.MinValue, DateTimeOffset.MaxValue, inTheGap];
        foreach (DateOnly date in (DateOnly[])[DateOnly.MinValue, DateOnly.MaxValue])
        {
            DigestItem[] items = [.. FaultScenario.Items(3).Select((item, index) => item with { PublishedAt = instants[index] })];

            StoreResult result = await table.StoreAsync(items, date);

            Assert.Equal(3, result.Inserted);
            Assert.Equal(instants, (await table.ReadAsync(date)).Select(item => item.Item.PublishedAt!.Value));
        }
    }
}
