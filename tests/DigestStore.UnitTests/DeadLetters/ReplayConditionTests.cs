using Amazon.DynamoDBv2.Model;
using DigestStore.DeadLetters;
using DigestStore.Records;
using DigestStore.Storing;
using DigestStore.Table;

namespace DigestStore.UnitTests.DeadLetters;

// A letter replaces the record that its own store knew, and no other one, whatever the clocks say.
public sealed class ReplayConditionTests : IDisposable
{
    private readonly ReplayDesk _desk = new();

    private static DeadLetterReplayResult Superseded => new() { Letters = 1, Superseded = 1 };

    private static DeadLetterReplayResult Stored => new() { Letters = 1, Stored = 1 };

    public void Dispose() => _desk.Dispose();

    [Theory]
    [InlineData(-5, false)]
    [InlineData(-5, true)]
    [InlineData(-60 * 24 * 400, false)]
    [InlineData(0, false)]
    [InlineData(60, true)]
    public async Task A_store_after_the_letter_is_never_overwritten_wherever_the_clock_goes(int minutes, bool isCompareDown)
    {
        await (isCompareDown ? _desk.FailToCompareAsync("old") : _desk.FailToWriteAsync("old"));
        _desk.Time.JumpWallClock(TimeSpan.FromMinutes(minutes));
        await _desk.StoreAsync("newer");

        DeadLetterReplayResult result = await _desk.ReplayAsync();

        Assert.Equal("newer", await _desk.TitleAsync());
        Assert.Equal(Superseded, result);
        Assert.Empty(_desk.LettersLeft());
    }

    [Fact]
    public async Task A_letter_from_a_switched_off_store_knows_nothing_and_overwrites_nothing()
    {
        await _desk.StoreAsync("before");
        (_desk.Options.Enabled, _desk.Options.WhenDisabled) = (false, DisabledItems.DeadLetter);
        await _desk.StoreAsync("while off");
        _desk.Options.Enabled = true;

        Assert.Equal(Superseded, await _desk.ReplayAsync());
        Assert.Equal("before", await _desk.TitleAsync());
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(5)]
    public async Task A_letter_replaces_the_record_that_its_store_saw(int minutes)
    {
        await _desk.StoreAsync("seen");
        StoredDigestItem seen = (await _desk.FindAsync())!;
        _desk.ChangeRecord(static record => record["note"] = new AttributeValue { S = "of another program" });
        _desk.Time.JumpWallClock(TimeSpan.FromMinutes(minutes));
        await _desk.FailToWriteAsync("letter");

        Assert.Equal(Stored, await _desk.ReplayAsync());
        StoredDigestItem now = (await _desk.FindAsync())!;
        Assert.Equal(("letter", 2, seen.Ordinal, seen.CreatedAt), (now.Item.Title, now.Revision, now.Ordinal, now.CreatedAt));
        _desk.ChangeRecord(static record => Assert.Equal("of another program", record["note"].S));
    }

    [Fact]
    public async Task Another_record_than_the_one_seen_stays()
    {
        await _desk.StoreAsync("seen");
        await _desk.FailToWriteAsync("letter");
        await _desk.StoreAsync("newer");

        Assert.Equal(Superseded, await _desk.ReplayAsync());
        Assert.Equal("newer", await _desk.TitleAsync());
    }

    [Fact]
    public async Task Content_that_came_back_is_newer_than_the_letter()
    {
        await _desk.StoreAsync("seen");
        await _desk.FailToWriteAsync("letter");
        await _desk.StoreAsync("other");
        await _desk.StoreAsync("seen");

        Assert.Equal(Superseded, await _desk.ReplayAsync());
        Assert.Equal("seen", await _desk.TitleAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_no_record_is_every_letter_is_stored(bool isDeleted)
    {
        if (isDeleted)
        {
            await _desk.StoreAsync("seen");
        }

        await _desk.FailToWriteAsync("letter");
        if (isDeleted)
        {
            await _desk.DeleteAsync();
        }

        Assert.Equal(Stored, await _desk.ReplayAsync());
        Assert.Equal("letter", await _desk.TitleAsync());
    }

    [Fact]
    public async Task An_expired_record_counts_as_none_when_the_letter_is_written_and_when_it_is_replayed()
    {
        _desk.Options.Retention = TimeSpan.FromDays(1);
        await _desk.StoreAsync("expired");
        _desk.Time.Advance(TimeSpan.FromDays(2));
        await _desk.FailToWriteAsync("letter");

        Assert.Equal(KnownRecord.Absent, Assert.Single(_desk.LettersLeft()).Known);
        Assert.Equal(Stored, await _desk.ReplayAsync());
        StoredDigestItem now = (await _desk.FindAsync())!;
        Assert.Equal(("letter", 1), (now.Item.Title, now.Revision));

        await _desk.FailToCompareAsync("later letter");
        _desk.Time.Advance(TimeSpan.FromDays(2));

        Assert.Equal(Stored, await _desk.ReplayAsync());
        Assert.Equal("later letter", await _desk.TitleAsync());
    }

    [Fact]
    public async Task A_record_of_a_newer_schema_is_not_replaced_and_the_letter_stays()
    {
        await _desk.StoreAsync("newer schema");
        _desk.ChangeRecord(static record => record["v"] = ItemMapper.Number(99));
        Assert.Equal(StoreProblemReason.NewerSchema, Assert.Single((await _desk.StoreAsync("letter")).Problems).Reason);

        Assert.Equal(new DeadLetterReplayResult { Letters = 1, Kept = 1 }, await _desk.ReplayAsync());
        Assert.Equal(KnownRecord.Unknown, Assert.Single(_desk.LettersLeft()).Known);
        _desk.ChangeRecord(static record => Assert.Equal("newer schema", record["title"].S));
    }

    [Fact]
    public async Task On_a_day_of_other_identity_rules_the_record_is_the_one_that_the_page_has_there()
    {
        _desk.Options.Identity.DropWww = false;
        await _desk.StoreAsync("seen");
        string id = (await _desk.FindAsync())!.Id.ToString();
        await _desk.FailToWriteAsync("letter");
        _desk.Options.Identity.DropWww = true;

        Assert.Equal(Stored, await _desk.ReplayAsync());
        StoredDigestItem now = (await _desk.FindAsync())!;
        Assert.Equal(("letter", 2, id), (now.Item.Title, now.Revision, now.Id.ToString()));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_letter_without_an_answer_ends_in_the_table_whether_it_was_applied_or_not(bool isApplied, bool hasRecord)
    {
        if (hasRecord)
        {
            await _desk.StoreAsync("seen");
        }

        _desk.Table.OnWriteAsync = (batch, _) => UnansweredAsync(batch, isApplied);
        Assert.Equal(StoreProblemReason.OutcomeUnknown, Assert.Single((await _desk.StoreAsync("letter")).Problems).Reason);
        _desk.Table.OnWriteAsync = static (_, _) => null;

        Assert.Equal(Stored, await _desk.ReplayAsync());
        StoredDigestItem now = (await _desk.FindAsync())!;
        Assert.Equal(("letter", hasRecord ? 2 : 1), (now.Item.Title, now.Revision));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_streams_later_copy_replaces_the_earlier_one_that_the_same_call_has_stored(bool isCompareDown)
    {
        int lookups = 0;
        _desk.Table.OnLookup = _ => isCompareDown && ++lookups > 1 ? Task.FromResult(new LookupReply { KeyCount = 1, Fault = new TableFault(FaultKind.Throttled) }) : null;
        _desk.Table.OnWrite = batch => batch.Puts.Any(static put => put.Content.Item.Title == "new") ? new WriteReply { Sent = 1, Fault = new TableFault(FaultKind.Throttled) } : null;
        await _desk.StoreStreamAsync([ReplayDesk.Item("old"), .. Some.Items(6), ReplayDesk.Item("new")]);
        (_desk.Table.OnLookup, _desk.Table.OnWriteAsync) = (static _ => null, static (_, _) => null);
        Assert.Equal("old", await _desk.TitleAsync());
        Assert.Contains(_desk.LettersLeft(), static letter => letter is { Item.Title: "new", Known.State: KnownRecordState.Present });

        DeadLetterReplayResult result = await _desk.ReplayAsync();

        Assert.Equal("new", await _desk.TitleAsync());
        Assert.Equal(new DeadLetterReplayResult { Letters = result.Letters, Stored = result.Letters }, result);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_streams_later_copy_replaces_the_earlier_one_that_the_same_call_has_sent_without_an_answer(bool isApplied)
    {
        _desk.Table.OnWriteAsync = (batch, _) => UnansweredAsync(batch, isApplied);
        await _desk.StoreStreamAsync([ReplayDesk.Item("old"), .. Some.Items(6), ReplayDesk.Item("new")]);
        _desk.Table.OnWriteAsync = static (_, _) => null;
        Assert.Equal(["old", "new"], _desk.LettersLeft().Where(static letter => letter.Item!.Url == ReplayDesk.Url).OrderBy(static letter => letter.Ordinal).Select(static letter => letter.Item!.Title));

        DeadLetterReplayResult result = await _desk.ReplayAsync();

        Assert.Equal("new", await _desk.TitleAsync());
        Assert.Equal(new DeadLetterReplayResult { Letters = 8, Stored = 8 }, result);
    }

    [Fact]
    public async Task A_letter_dated_in_the_future_becomes_a_record_of_today_that_stores_and_letters_replace()
    {
        await _desk.Sink.WriteAsync([_desk.Letter("of the future") with { StoreStartedAt = DateTimeOffset.MaxValue }], TestContext.Current.CancellationToken);
        DateTimeOffset now = _desk.Time.GetUtcNow();

        Assert.Equal(Stored, await _desk.ReplayAsync());
        StoredDigestItem record = (await _desk.FindAsync())!;
        Assert.Equal(("of the future", now, now), (record.Item.Title, record.CreatedAt, record.UpdatedAt));

        await _desk.StoreAsync("store");
        Assert.Equal("store", await _desk.TitleAsync());
        await _desk.FailToWriteAsync("letter");
        Assert.Equal(Stored, await _desk.ReplayAsync());
        Assert.Equal("letter", await _desk.TitleAsync());
    }

    [Fact]
    public async Task A_record_dated_in_the_future_is_replaced_by_the_letter_that_saw_it()
    {
        await _desk.StoreAsync("seen");
        _desk.ChangeRecord(static record => record["updatedAt"] = record["createdAt"] = ItemMapper.Text(Instants.Write(DateTimeOffset.MaxValue)));
        await _desk.FailToWriteAsync("letter");

        Assert.Equal(Stored, await _desk.ReplayAsync());
        Assert.Equal("letter", await _desk.TitleAsync());
    }

    [Theory]
    [InlineData("elsewhere", "daily")]
    [InlineData("digests", "weekly")]
    [InlineData("elsewhere", "weekly")]
    [InlineData("Digests", "daily")]
    [InlineData("digests", "Daily")]
    public async Task A_letter_of_another_table_or_digest_is_not_stored_and_counted_and_stays(string table, string digest)
    {
        string foreign = Letters.Line(_desk.Letter("foreign") with { Table = table, Digest = digest });
        string own = Letters.Line(_desk.Letter("own") with { Item = Some.Item(1) });
        _desk.Put("alone.jsonl", foreign);
        _desk.Put("mixed.jsonl", foreign, own);

        Assert.Equal(new DeadLetterReplayResult { Letters = 1, Stored = 1, Foreign = 2 }, await _desk.ReplayAsync());
        Assert.Null(await _desk.FindAsync());
        Assert.Equal([foreign, foreign], Directory.GetFiles(_desk.Files).SelectMany(File.ReadAllLines));
    }

    [Fact]
    public async Task Settings_that_change_to_another_table_during_a_replay_bring_no_letter_there()
    {
        await _desk.FailToWriteAsync("letter");
        DigestStoreOptions current = _desk.Options;
        using var repository = new DigestRepository(_desk.Table.ToSource(), () => current, new DigestStoreServices { TimeProvider = _desk.Time });
        ReplayScope scope = ((IReplayTarget)repository).ReplayScope();
        DeadLetter letter = Assert.Single(_desk.LettersLeft());
        current = new DigestStoreOptions { TableName = "elsewhere" };

        IReadOnlyList<ReplayedFate> fates = await ((IReplayTarget)repository).ReplayAsync(Some.Date, [new ReplayedLetter(letter, new Replaceable())], TestContext.Current.CancellationToken);

        Assert.True(scope.Has(letter));
        Assert.Equal(new ReplayedFate(LetterFate.Kept, null), Assert.Single(fates));
        Assert.Equal(0, _desk.Table.Storage.Count);
    }

    private async Task<WriteReply> UnansweredAsync(WriteBatch batch, bool isApplied)
    {
        if (isApplied)
        {
            await _desk.Table.WriteThroughAsync(batch);
        }

        return new WriteReply { Sent = 1, Fault = new TableFault(FaultKind.TimedOut) };
    }
}
