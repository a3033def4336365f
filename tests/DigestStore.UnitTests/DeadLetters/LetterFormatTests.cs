using DigestStore.Records;
using DigestStore.Table;
using DigestStore.TestSupport;

namespace DigestStore.UnitTests.DeadLetters;

// The lines of letter files outlive the program that wrote them.
public sealed class LetterFormatTests : IDisposable
{
    // Written by the library before letters said what was known of the record.
    private const string FirstVersion =
        """{"item":{"url":"http://www.example.com/page/","title":"letter","summary":"s","publishedAt":"2026-11-20T09:30:00+00:00","tags":["a"],"metadata":{"k":"v"}},"table":"digests","digest":"daily","date":"2026-11-21","ordinal":3,"idRules":"1-0123456789abcdef","storeStartedAt":"2026-11-21T07:00:00+00:00","reason":"Throttled","correlationId":"c-1","attempts":1}""";

    // The example of docs/dead-letters.md.
    private const string SecondVersion =
        """{"item":{"url":"https://example.com/articles/1","title":"Batching writes","tags":[],"metadata":{}},"table":"digests","digest":"daily","date":"2026-11-21","ordinal":0,"idRules":"1","storeStartedAt":"2026-11-21T06:00:00+00:00","known":{"state":"Present","contentHash":"1-5d1b6f0a7c3e48925d1b6f0a7c3e48925d1b6f0a7c3e48925d1b6f0a7c3e4892","revision":3},"reason":"Throttled","correlationId":"9f2c4c1d5c0f4f0d","attempts":0,"version":2}""";

    private readonly ReplayDesk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void A_line_is_written_as_the_documentation_shows_it()
    {
        var letter = new DeadLetter
        {
            Item = new DigestItem { Url = "https://example.com/articles/1", Title = "Batching writes" },
            Table = "digests",
            Digest = "daily",
            Date = Some.Date,
            Ordinal = 0,
            IdRules = "1",
            StoreStartedAt = FixedClock.Start,
            Known = new KnownRecord { State = KnownRecordState.Present, ContentHash = "1-5d1b6f0a7c3e48925d1b6f0a7c3e48925d1b6f0a7c3e48925d1b6f0a7c3e4892", Revision = 3 },
            Reason = StoreProblemReason.Throttled,
            CorrelationId = "9f2c4c1d5c0f4f0d",
        };

        Assert.Equal(SecondVersion, Letters.Line(letter));
        Assert.Equal(letter, Letters.Read(SecondVersion));
        Assert.Contains(SecondVersion, RepositoryFiles.TextOf("docs/dead-letters.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_of_the_first_version_is_read_whole()
    {
        DeadLetter letter = Letters.Read(FirstVersion)!;

        Assert.Null(letter.Known);
        Assert.Equal(("letter", "s", "a", "v"), (letter.Item!.Title, letter.Item!.Summary, Assert.Single(letter.Item!.Tags), letter.Item!.Metadata["k"]));
        Assert.Equal(("digests", "daily", Some.Date, 3, "c-1", 1), (letter.Table, letter.Digest, letter.Date, letter.Ordinal, letter.CorrelationId, letter.Attempts));
        Assert.Equal((StoreProblemReason.Throttled, _desk.Time.GetUtcNow()), (letter.Reason, letter.StoreStartedAt));
    }

    [Fact]
    public async Task A_letter_of_the_first_version_that_is_kept_stays_one()
    {
        _desk.Put("a.jsonl", FirstVersion);
        _desk.Table.OnWrite = static _ => new WriteReply { Sent = 1, Fault = new TableFault(FaultKind.Throttled) };

        await _desk.ReplayAsync();

        Assert.Equal([FirstVersion.Replace("\"attempts\":1", "\"attempts\":2,\"version\":1", StringComparison.Ordinal)], await File.ReadAllLinesAsync(Assert.Single(Directory.GetFiles(_desk.Files)), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_letter_of_the_first_version_is_stored_where_no_record_is()
    {
        _desk.Put("20261121T070000000Z-0123456789abcdef.jsonl", FirstVersion);

        Assert.Equal(new DeadLetterReplayResult { Letters = 1, Stored = 1 }, await _desk.ReplayAsync());
        StoredDigestItem record = (await _desk.FindAsync())!;
        Assert.Equal(("letter", 3, _desk.Time.GetUtcNow()), (record.Item.Title, record.Ordinal, record.CreatedAt));
    }

    [Theory]
    [InlineData(-16, true)]
    [InlineData(-15, false)]
    [InlineData(-5, false)]
    [InlineData(0, false)]
    [InlineData(60, false)]
    public async Task A_letter_of_the_first_version_replaces_only_what_no_clock_that_was_set_back_can_have_written_later(int recordMinutes, bool isReplaced)
    {
        _desk.Time.JumpWallClock(TimeSpan.FromMinutes(recordMinutes));
        await _desk.StoreAsync("record");
        _desk.Time.JumpWallClock(TimeSpan.FromMinutes(60 - recordMinutes));
        _desk.Put("20261121T070000000Z-0123456789abcdef.jsonl", FirstVersion);

        DeadLetterReplayResult result = await _desk.ReplayAsync();

        Assert.Equal((isReplaced ? 1 : 0, isReplaced ? 0 : 1), (result.Stored, result.Superseded));
        Assert.Equal(isReplaced ? "letter" : "record", await _desk.TitleAsync());
    }

    [Fact]
    public async Task A_letter_of_the_first_version_that_is_dated_in_the_future_replaces_nothing()
    {
        await _desk.StoreAsync("record");
        _desk.Put("a.jsonl", FirstVersion.Replace("2026-11-21T07:00", "2036-11-21T07:00", StringComparison.Ordinal));

        Assert.Equal(new DeadLetterReplayResult { Letters = 1, Superseded = 1 }, await _desk.ReplayAsync());
        Assert.Equal("record", await _desk.TitleAsync());
    }

    [Fact]
    public async Task A_line_of_a_later_version_is_kept_for_the_program_that_can_read_it()
    {
        string line = SecondVersion.Replace("\"version\":2", "\"version\":4", StringComparison.Ordinal);
        _desk.Put("a.jsonl", line);

        Assert.Equal(new DeadLetterReplayResult { Unreadable = 1 }, await _desk.ReplayAsync());
        string file = Assert.Single(Directory.GetFiles(_desk.Files));
        Assert.EndsWith(".unreadable", file, StringComparison.Ordinal);
        Assert.Equal([line], await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(KnownRecordState.Present, null, null, false)]
    [InlineData(KnownRecordState.Present, "", null, false)]
    [InlineData(KnownRecordState.Present, "1-", null, false)]
    [InlineData(KnownRecordState.Present, "whole", null, true)]
    [InlineData(KnownRecordState.Present, "whole", 1, true)]
    [InlineData(KnownRecordState.Present, "whole", 2, false)]
    [InlineData(KnownRecordState.Present, "start", null, true)]
    [InlineData(KnownRecordState.Present, "other", 1, false)]
    [InlineData(KnownRecordState.Present, null, 1, false)]
    [InlineData(KnownRecordState.Absent, "whole", 1, false)]
    [InlineData(KnownRecordState.Unknown, "whole", 1, false)]
    public async Task What_a_letter_says_of_the_record_must_fit_it(KnownRecordState state, string? hash, int? revision, bool isReplaced)
    {
        await _desk.StoreAsync("record");
        string whole = "";
        _desk.ChangeRecord(record => whole = record[AttributeNames.ContentHash].S);
        string? known = hash switch { "whole" => whole, "start" => whole[..18], "other" => whole[..^1] + (whole[^1] == '0' ? '1' : '0'), _ => hash };
        await _desk.Sink.WriteAsync([_desk.Letter("letter") with { Known = new KnownRecord { State = state, ContentHash = known, Revision = revision } }], TestContext.Current.CancellationToken);

        await _desk.ReplayAsync();

        Assert.Equal(isReplaced ? "letter" : "record", await _desk.TitleAsync());
    }
}
