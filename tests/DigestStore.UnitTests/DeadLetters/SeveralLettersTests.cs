using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.UnitTests.DeadLetters;

// Of several letters of one page the newest is replayed, in whatever files they are.
public sealed class SeveralLettersTests : IDisposable
{
    private readonly ReplayDesk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_latest_of_several_failed_stores_is_the_one_that_is_replayed(bool hasRecord)
    {
        if (hasRecord)
        {
            await _desk.StoreAsync("seen");
        }

        foreach (string title in (string[])["first", "second", "third"])
        {
            _desk.Time.Advance(TimeSpan.FromHours(1));
            await _desk.FailToWriteAsync(title);
        }

        Assert.Equal(new DeadLetterReplayResult { Letters = 3, Stored = 3 }, await _desk.ReplayAsync());
        StoredDigestItem now = (await _desk.FindAsync())!;
        Assert.Equal(("third", hasRecord ? 2 : 1), (now.Item.Title, now.Revision));
        Assert.Empty(_desk.LettersLeft());
    }

    [Theory]
    [InlineData("b.jsonl", "a.jsonl")]
    [InlineData("a.jsonl", "b.jsonl")]
    [InlineData("a.jsonl", "a.jsonl")]
    public async Task Neither_the_order_of_the_files_nor_that_of_the_lines_matters(string newest, string older)
    {
        string[] lines =
        [
            Letters.Line(_desk.Letter("new page 1") with { Item = Some.Item(1) with { Title = "new" } }),
            Letters.Line(_desk.Letter("old page 2") with { Item = Some.Item(2) with { Title = "old" }, StoreStartedAt = _desk.Time.GetUtcNow().AddHours(-1) }),
            Letters.Line(_desk.Letter("old page 1") with { Item = Some.Item(1) with { Title = "old" }, StoreStartedAt = _desk.Time.GetUtcNow().AddHours(-1) }),
            Letters.Line(_desk.Letter("new page 2") with { Item = Some.Item(2) with { Title = "new" } }),
        ];
        _desk.Put(newest, lines[..2]);
        _desk.Put(older, newest == older ? lines : lines[2..]);

        Assert.Equal(new DeadLetterReplayResult { Letters = 4, Stored = 4 }, await _desk.ReplayAsync());
        using DigestRepository repository = _desk.Repository();
        Digest day = await repository.GetAsync(Some.Date, TestContext.Current.CancellationToken);
        Assert.Equal(["new 1", "new 1"], day.Select(static item => $"{item.Item.Title} {item.Revision}"));
        Assert.Empty(_desk.LettersLeft());
    }

    [Fact]
    public async Task The_same_letter_twice_in_a_file_and_in_another_is_stored_once()
    {
        string line = Letters.Line(_desk.Letter("twice"));
        _desk.Put("a.jsonl", line, line);
        _desk.Put("b.jsonl", line);

        Assert.Equal(new DeadLetterReplayResult { Letters = 3, Stored = 3 }, await _desk.ReplayAsync());
        Assert.Equal(1, (await _desk.FindAsync())!.Revision);
        Assert.Empty(_desk.LettersLeft());
        Assert.Single(_desk.Table.Writes);
    }

    [Fact]
    public async Task Each_letter_of_a_file_has_a_fate_of_its_own()
    {
        await _desk.StoreAsync("newer");
        _desk.Put(
            "a.jsonl",
            Letters.Line(_desk.Letter("stored") with { Item = Some.Item(1) }),
            Letters.Line(_desk.Letter(" ") with { Item = Some.Item(2) with { Title = " " } }),
            Letters.Line(_desk.Letter("superseded")),
            Letters.Line(_desk.Letter("kept") with { Item = Some.Item(3) with { Title = "kept" } }));
        _desk.Table.OnWrite = static batch => batch.Puts.Any(static put => put.Content.Item.Title == "kept") ? new WriteReply { Sent = 1, Fault = new TableFault(FaultKind.Throttled) } : null;

        Assert.Equal(new DeadLetterReplayResult { Letters = 4, Stored = 1, Rejected = 1, Superseded = 1, Kept = 1 }, await _desk.ReplayAsync());
    }

    // The newest one's content is there, though another store brought it: the older one has given way to that.
    [Fact]
    public async Task A_letter_that_gives_way_to_another_one_s_content_counts_as_stored()
    {
        await _desk.FailToWriteAsync("old");
        _desk.Time.Advance(TimeSpan.FromHours(1));
        await _desk.FailToWriteAsync("new");
        await _desk.StoreAsync("new");

        Assert.Equal(new DeadLetterReplayResult { Letters = 2, Stored = 2 }, await _desk.ReplayAsync());
        Assert.Equal("new", await _desk.TitleAsync());
    }

    // The older letter says nothing of what it knew and is an hour later than the record, so it may replace that. But the two do not fit together:
    // what another program keeps in the record stays there.
    [Fact]
    public async Task A_letter_that_does_not_fit_into_the_record_is_rejected_also_after_one_whose_content_is_there()
    {
        await _desk.StoreAsync("stored");
        _desk.ChangeRecord(static record => record["note"] = ItemMapper.Text(new string('x', 300_000)));
        _desk.Time.Advance(TimeSpan.FromHours(1));
        DeadLetter large = _desk.Letter("large") with { Known = null, StoreStartedAt = _desk.Time.GetUtcNow().AddMinutes(-1) };
        _desk.Put(
            "a.jsonl",
            Letters.Line(_desk.Letter("stored") with { Known = KnownRecord.Absent }),
            Letters.Line(large with { Item = large.Item! with { Summary = new string('y', 200_000) } }));

        Assert.Equal(new DeadLetterReplayResult { Letters = 2, Stored = 1, Rejected = 1 }, await _desk.ReplayAsync());
        Assert.Equal("stored", await _desk.TitleAsync());
    }

    // Its store knew nothing of the record, so the older letter, which did know it, is older all the same.
    [Fact]
    public async Task A_letter_whose_content_is_there_keeps_an_older_one_from_replacing_it()
    {
        await _desk.StoreAsync("same");
        await _desk.FailToWriteAsync("old");
        _desk.Time.Advance(TimeSpan.FromHours(1));
        await _desk.FailToCompareAsync("same");

        Assert.Equal(new DeadLetterReplayResult { Letters = 2, Stored = 2 }, await _desk.ReplayAsync());
        Assert.Equal("same", await _desk.TitleAsync());
        Assert.Empty(_desk.LettersLeft());
    }

    [Fact]
    public async Task Two_letters_of_a_page_from_one_moment_both_stay_while_the_table_takes_neither()
    {
        _desk.Put("a.jsonl", Letters.Line(_desk.Letter("one")), Letters.Line(_desk.Letter("other")));
        _desk.Table.OnWrite = static _ => new WriteReply { Sent = 1, Fault = new TableFault(FaultKind.Throttled) };

        Assert.Equal(new DeadLetterReplayResult { Letters = 2, Kept = 2 }, await _desk.ReplayAsync());
        Assert.Equal(["one", "other"], _desk.LettersLeft().Select(static letter => letter.Item!.Title).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_letter_that_knows_nothing_replaces_nothing_and_leaves_it_to_an_older_one_that_does()
    {
        await _desk.StoreAsync("seen");
        await _desk.FailToWriteAsync("letter");
        _desk.Time.Advance(TimeSpan.FromHours(1));
        await _desk.FailToCompareAsync("later letter");

        Assert.Equal(new DeadLetterReplayResult { Letters = 2, Stored = 1, Superseded = 1 }, await _desk.ReplayAsync());
        Assert.Equal("letter", await _desk.TitleAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task After_the_clock_went_back_the_letter_that_knows_the_record_is_stored(int older)
    {
        await _desk.StoreAsync("seen");
        for (int number = 0; number < older; number++)
        {
            _desk.Time.Advance(TimeSpan.FromMinutes(1));
            await _desk.FailToWriteAsync($"old {number}");
        }

        _desk.Time.JumpWallClock(TimeSpan.FromMinutes(-15));
        await _desk.StoreAsync("stored");
        await _desk.FailToWriteAsync("newest");
        _desk.Time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(new DeadLetterReplayResult { Letters = older + 1, Stored = 1, Superseded = older }, await _desk.ReplayAsync());
        StoredDigestItem now = (await _desk.FindAsync())!;
        Assert.Equal(("newest", 3), (now.Item.Title, now.Revision));
        Assert.Empty(_desk.LettersLeft());
    }

    [Fact]
    public async Task A_letter_that_knows_nothing_does_not_use_what_an_older_one_knew()
    {
        await _desk.StoreAsync("seen");
        await _desk.FailToCompareAsync("unknown");
        _desk.Time.JumpWallClock(TimeSpan.FromMinutes(-5));
        await _desk.StoreAsync("stored");
        await _desk.FailToWriteAsync("newest");
        _desk.Time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(new DeadLetterReplayResult { Letters = 2, Stored = 1, Superseded = 1 }, await _desk.ReplayAsync());
        Assert.Equal("newest", await _desk.TitleAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_letter_that_knows_the_record_comes_after_the_one_whose_content_the_record_has(bool hasRecord)
    {
        if (hasRecord)
        {
            await _desk.StoreAsync("seen");
        }

        await _desk.FailToWriteAsync("stored");
        _desk.Time.JumpWallClock(TimeSpan.FromMinutes(-5));
        await _desk.StoreAsync("stored");
        await _desk.FailToWriteAsync("newest");
        _desk.Time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(new DeadLetterReplayResult { Letters = 2, Stored = 2 }, await _desk.ReplayAsync());
        Assert.Equal("newest", await _desk.TitleAsync());
    }

    [Fact]
    public async Task Letters_of_one_page_in_turn_in_two_files_all_get_their_turn_and_are_counted_once()
    {
        await _desk.StoreAsync("seen");
        await _desk.FailToWriteAsync("knows");
        DeadLetter knows = Assert.Single(_desk.LettersLeft());
        Directory.Delete(_desk.Files, recursive: true);
        string[] lines =
        [
            .. Enumerable.Range(0, 6).Select(number => Letters.Line(_desk.Letter($"unknown {number}") with { StoreStartedAt = knows.StoreStartedAt.AddMinutes(-number) })),
            Letters.Line(knows with { StoreStartedAt = knows.StoreStartedAt.AddMinutes(-6) }),
        ];
        _desk.Put("a.jsonl", [.. lines.Where(static (_, index) => index % 2 == 0)]);
        _desk.Put("b.jsonl", [.. lines.Where(static (_, index) => index % 2 == 1)]);

        Assert.Equal(new DeadLetterReplayResult { Letters = 7, Stored = 1, Superseded = 6 }, await _desk.ReplayAsync());
        Assert.Equal("knows", await _desk.TitleAsync());
        Assert.Empty(_desk.LettersLeft());
    }

    [Fact]
    public async Task A_kept_letter_in_a_file_that_is_gone_through_twice_is_counted_once()
    {
        DeadLetter other = _desk.Letter("other") with { Item = Some.Item(1) with { Title = "other" } };
        _desk.Put("a.jsonl", Letters.Line(other), Letters.Line(_desk.Letter("old") with { StoreStartedAt = _desk.Time.GetUtcNow().AddHours(-1) }));
        _desk.Put("b.jsonl", Letters.Line(_desk.Letter("new")));
        _desk.Table.OnWrite = static batch => batch.Puts.Any(static put => put.Content.Item.Title == "other") ? new WriteReply { Sent = 1, Fault = new TableFault(FaultKind.Throttled) } : null;

        Assert.Equal(new DeadLetterReplayResult { Letters = 3, Stored = 2, Kept = 1 }, await _desk.ReplayAsync());
        Assert.Equal(1, Assert.Single(_desk.LettersLeft()).Attempts);
    }

    [Fact]
    public async Task When_the_newest_cannot_be_stored_the_older_ones_wait_with_it()
    {
        await _desk.StoreAsync("seen");
        await _desk.FailToWriteAsync("letter");
        _desk.Time.Advance(TimeSpan.FromHours(1));
        await _desk.FailToWriteAsync("later letter");
        _desk.Table.OnWrite = static batch => batch.Puts.Any(static put => put.Content.Item.Title == "later letter") ? new WriteReply { Sent = 1, Fault = new TableFault(FaultKind.Throttled) } : null;

        Assert.Equal(new DeadLetterReplayResult { Letters = 2, Kept = 2 }, await _desk.ReplayAsync());
        Assert.Equal([0, 1], _desk.LettersLeft().Select(static letter => letter.Attempts).Order());
        Assert.Equal("seen", await _desk.TitleAsync());

        _desk.Table.OnWriteAsync = static (_, _) => null;
        Assert.Equal(new DeadLetterReplayResult { Letters = 2, Stored = 2 }, await _desk.ReplayAsync());
        Assert.Equal("later letter", await _desk.TitleAsync());
    }

    [Fact]
    public async Task A_letter_that_is_kept_is_counted_once_also_when_its_file_is_gone_through_again()
    {
        DateTimeOffset now = _desk.Time.GetUtcNow();
        _desk.Put(
            "a.jsonl",
            Letters.Line(_desk.Letter("kept") with { Item = Some.Item(1) with { Title = "kept" } }),
            Letters.Line(_desk.Letter("old") with { Item = Some.Item(2) with { Title = "old" }, StoreStartedAt = now.AddHours(-2) }));
        _desk.Put("b.jsonl", Letters.Line(_desk.Letter("new") with { Item = Some.Item(2) with { Title = "new" }, StoreStartedAt = now.AddHours(-1) }));
        _desk.Table.OnWrite = static batch => batch.Puts.Any(static put => put.Content.Item.Title == "kept") ? new WriteReply { Sent = 1, Fault = new TableFault(FaultKind.Throttled) } : null;

        Assert.Equal(new DeadLetterReplayResult { Letters = 3, Stored = 2, Kept = 1 }, await _desk.ReplayAsync());
        Assert.Equal("kept", Assert.Single(_desk.LettersLeft()).Item!.Title);
    }

    // Of the second file the first letter is stored, the second one waits for the third file, and the last one is kept with the first file's.
    [Fact]
    public async Task A_letter_that_waits_for_a_newer_one_gets_its_turn_also_beside_one_that_is_kept()
    {
        DateTimeOffset time = _desk.Time.GetUtcNow().AddHours(-1);
        string Line(string page, int minutes) => Letters.Line(_desk.Letter(page) with { Item = Some.Item(page[0]) with { Title = page }, StoreStartedAt = time.AddMinutes(minutes) });
        _desk.Put("a.jsonl", Line("kept", 10));
        _desk.Put("b.jsonl", Line("stored", 9), Line("waiting", 1), Line("kept", 1));
        _desk.Put("c.jsonl", Line("waiting", 5));
        _desk.Table.OnWrite = static batch => batch.Puts.Any(static put => put.Content.Item.Title == "kept") ? new WriteReply { Sent = 1, Fault = new TableFault(FaultKind.Throttled) } : null;

        Assert.Equal(new DeadLetterReplayResult { Letters = 5, Stored = 3, Kept = 2 }, await _desk.ReplayAsync());
        Assert.All(_desk.LettersLeft(), static letter => Assert.Equal("kept", letter.Item!.Title));
    }

    [Fact]
    public async Task While_another_replay_works_on_the_newest_the_older_ones_wait()
    {
        await _desk.StoreAsync("seen");
        await _desk.FailToWriteAsync("letter");
        _desk.Time.Advance(TimeSpan.FromHours(1));
        await _desk.FailToWriteAsync("later letter");
        string[] files = [.. Directory.GetFiles(_desk.Files).Order(StringComparer.Ordinal)];
        string newest = files[^1];

        using (var other = new FileStream(newest, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            var progress = new Recorder();
            using DigestRepository repository = _desk.Repository();
            DeadLetterReplayResult result = await new DeadLetterReplay(repository, _desk.Sink).RunAsync(progress, TestContext.Current.CancellationToken);
            Assert.Equal((new DeadLetterReplayResult { Letters = 1, Kept = 1 }, 1), (result, progress.Letters[^1]));
            Assert.Equal(files, Directory.GetFiles(_desk.Files).Order(StringComparer.Ordinal));
        }

        Assert.Equal("seen", await _desk.TitleAsync());
        Assert.Equal(new DeadLetterReplayResult { Letters = 2, Stored = 2 }, await _desk.ReplayAsync());
        Assert.Equal("later letter", await _desk.TitleAsync());
    }

    [Fact]
    public async Task A_letter_dated_in_the_future_wins_over_no_other_letter()
    {
        _desk.Put("a.jsonl", Letters.Line(_desk.Letter("of the future") with { StoreStartedAt = _desk.Time.GetUtcNow().AddYears(10) }));
        _desk.Put("b.jsonl", Letters.Line(_desk.Letter("of today")));

        Assert.Equal(new DeadLetterReplayResult { Letters = 2, Stored = 2 }, await _desk.ReplayAsync());
        Assert.Equal("of today", await _desk.TitleAsync());
    }

    [Fact]
    public async Task An_invalid_letter_does_not_stand_in_the_way_of_a_valid_one_of_its_page()
    {
        _desk.Put("a.jsonl", Letters.Line(_desk.Letter("valid")));
        _desk.Time.Advance(TimeSpan.FromHours(1));
        _desk.Put("b.jsonl", Letters.Line(_desk.Letter(" ")));

        Assert.Equal(new DeadLetterReplayResult { Letters = 2, Stored = 1, Rejected = 1 }, await _desk.ReplayAsync());
        Assert.Equal("valid", await _desk.TitleAsync());
    }

    // Gone through by the age of their newest letters: otherwise many letters of one page would cost a pass over all files each.
    [Theory]
    [InlineData(10, 1)]
    [InlineData(1, 10)]
    public async Task A_file_is_gone_through_once_however_many_letters_of_its_pages_give_way(int first, int second)
    {
        await _desk.StoreAsync("newer");
        DateTimeOffset time = _desk.Time.GetUtcNow().AddHours(-1);
        string Line(int minutes) => Letters.Line(_desk.Letter("old") with { Item = minutes == 1 ? Some.Item(1) : ReplayDesk.Item("old"), StoreStartedAt = time.AddMinutes(minutes) });
        _desk.Put("c.jsonl", Line(first), Line(second));
        _desk.Put("b.jsonl", Line(9));
        _desk.Put("a.jsonl", Line(8));
        _desk.Put("blank.jsonl", " ");
        string foreign = _desk.Put("foreign.jsonl", "no letter", Letters.Line(_desk.Letter("foreign") with { Digest = "weekly" }));
        var progress = new Recorder();
        using DigestRepository repository = _desk.Repository();

        DeadLetterReplayResult result = await _desk.Time.RunAsync(() => new DeadLetterReplay(repository, _desk.Sink).RunAsync(progress, TestContext.Current.CancellationToken));

        Assert.Equal(new DeadLetterReplayResult { Letters = 4, Stored = 1, Superseded = 3, Foreign = 1 }, result);
        Assert.Equal([2, 3, 4], progress.Letters);
        Assert.Equal(2, (await File.ReadAllLinesAsync(foreign, TestContext.Current.CancellationToken)).Length);
    }

    [Fact]
    public async Task An_invalid_letter_that_was_sent_without_an_answer_is_rejected_like_others()
    {
        _desk.Put("a.jsonl", Letters.Line(_desk.Letter(" ") with { Reason = StoreProblemReason.OutcomeUnknown }), Letters.Line(_desk.Letter("\t")));

        Assert.Equal(new DeadLetterReplayResult { Letters = 2, Rejected = 2 }, await _desk.ReplayAsync());
        Assert.Empty(_desk.LettersLeft());
    }

    [Fact]
    public async Task Two_replays_at_once_end_with_the_newest_letter()
    {
        await _desk.StoreAsync("seen");
        for (int hour = 0; hour < 10; hour++)
        {
            await _desk.FailToWriteAsync($"letter {hour}");
            _desk.Time.Advance(TimeSpan.FromHours(1));
        }

        using DigestRepository repository = _desk.Repository();
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => new DeadLetterReplay(repository, _desk.Sink).RunAsync(cancellationToken: TestContext.Current.CancellationToken)));
        await _desk.ReplayAsync();

        Assert.Equal("letter 9", await _desk.TitleAsync());
        Assert.Empty(_desk.LettersLeft());
    }

    private sealed class Recorder : IProgress<DeadLetterReplayResult>
    {
        public List<int> Letters { get; } = [];

        public void Report(DeadLetterReplayResult value) => Letters.Add(value.Letters);
    }
}
