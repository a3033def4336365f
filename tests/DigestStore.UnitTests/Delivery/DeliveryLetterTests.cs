using System.Text;
using DigestStore.DeadLetters;
using DigestStore.UnitTests.DeadLetters;

namespace DigestStore.UnitTests.Delivery;

/// <summary>Emails that went out and could not be recorded: their letters, and the replay of these.</summary>
public sealed class DeliveryLetterTests
{
    private readonly DeliveryDesk _desk = new();

    [Fact]
    public async Task A_letter_has_what_a_replay_needs_and_survives_its_line()
    {
        _desk.Break(DeliveryStep.Complete);
        DeliveryResult result = await _desk.DeliverAsync();

        DeadLetter letter = Assert.Single(_desk.Sink.Letters);
        Assert.Null(letter.Item);
        Assert.Equal((_desk.Header.LeaseToken, result.MessageId, 3, 3), (letter.Delivery!.Token, letter.Delivery.MessageId, letter.Delivery.SentCount, letter.Delivery.Urls.Count));
        string line = Encoding.UTF8.GetString(LetterJson.Write(letter));
        Assert.Contains("\"version\":3", line, StringComparison.Ordinal);
        Assert.DoesNotContain("\"item\"", line, StringComparison.Ordinal);
        DeadLetter read = LetterJson.TryRead(Encoding.UTF8.GetBytes(line))!;
        Assert.Equal(letter with { Delivery = null }, read with { Delivery = null });
        Assert.Equal(letter.Delivery with { Urls = [] }, read.Delivery! with { Urls = [] });
        Assert.Equal(letter.Delivery.Urls, read.Delivery!.Urls);
    }

    [Theory]
    [InlineData("\"item\":{\"url\":\"https://example.com\",\"title\":\"t\"},")]
    [InlineData("\"deliveryX\":{},")]
    public void A_line_with_both_an_item_and_a_delivery_or_with_neither_is_no_letter(string member)
    {
        string delivery = member.StartsWith("\"item", StringComparison.Ordinal)
            ? "\"delivery\":{\"token\":\"t\",\"messageId\":\"m\",\"deliveredAt\":\"2026-11-21T06:00:00+00:00\",\"sentCount\":1,\"urls\":[],\"owner\":\"o\"},"
            : "";

        Assert.Null(LetterJson.TryRead(Encoding.UTF8.GetBytes(
            $"{{{member}{delivery}\"table\":\"digests\",\"digest\":\"daily\",\"date\":\"2026-11-21\",\"ordinal\":0,\"idRules\":\"1\",\"storeStartedAt\":\"2026-11-21T06:00:00+00:00\",\"reason\":\"Throttled\",\"version\":3}}")));
    }

    [Fact]
    public async Task A_replay_records_no_count_that_the_sender_did_not_tell()
    {
        DeliveryLease lease = await _desk.AcquireAsync();
        _desk.Break(DeliveryStep.Complete);
        await _desk.Clock.RunAsync(() => _desk.Repository.CompleteAsync(lease, new DeliveryReceipt()));
        _desk.Mend();

        Assert.Equal(new DeadLetterReplayResult { Letters = 1, Stored = 1 }, await ReplayAsync());

        Assert.Equal((DeliveryStatus.Delivered, null), (_desk.Header.Status, _desk.Header.SentCount));
    }

    [Fact]
    public void Letters_of_items_keep_the_version_that_earlier_releases_read()
    {
        string line = Encoding.UTF8.GetString(LetterJson.Write(new DeadLetter
        {
            Item = Some.Item(),
            Table = "digests",
            Digest = "daily",
            Date = Some.Date,
            Ordinal = 0,
            IdRules = "1",
            StoreStartedAt = FixedClock.Start,
            Reason = StoreProblemReason.Throttled,
        }));

        Assert.Contains("\"version\":2", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DeliveryStep.Acquire)]
    [InlineData(DeliveryStep.Announce)]
    [InlineData(DeliveryStep.Confirm)]
    [InlineData(DeliveryStep.Complete)]
    public async Task A_replay_marks_the_day_as_delivered_and_remembers_its_items(DeliveryStep broken)
    {
        _desk.Break(broken);
        await _desk.DeliverAsync();
        DateTimeOffset sentAt = _desk.Sink.Letters[0].Delivery!.DeliveredAt;
        _desk.Mend();
        _desk.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(new DeadLetterReplayResult { Letters = 1, Stored = 1 }, await ReplayAsync());

        Assert.Equal((DeliveryStatus.Delivered, "delivered", 3), (_desk.Header.Status, _desk.ManifestState, _desk.ManifestIds));
        Assert.Equal(sentAt, _desk.Header.DeliveredAt);
        Assert.Equal(DeliveryOutcome.AlreadyDelivered, (await _desk.DeliverAsync()).Outcome);
        Assert.Equal(new DeadLetterReplayResult { Letters = 1, Stored = 1 }, await ReplayAsync());
    }

    [Fact]
    public async Task A_replay_waits_for_another_sender_that_is_at_it_and_gives_way_to_one_that_has_sent()
    {
        _desk.Break(DeliveryStep.Acquire);
        await _desk.DeliverAsync();
        _desk.Mend();
        DeliveryLease other = await _desk.AcquireAsync();

        Assert.Equal(new DeadLetterReplayResult { Letters = 1, Kept = 1 }, await ReplayAsync());
        Assert.Equal((DeliveryStatus.Sending, other.Token), (_desk.Header.Status, _desk.Header.LeaseToken));

        await _desk.Repository.CompleteAsync(other, new DeliveryReceipt());
        Assert.Equal(new DeadLetterReplayResult { Letters = 1, Superseded = 1 }, await ReplayAsync());
    }

    [Fact]
    public async Task The_links_of_a_letter_are_remembered_although_another_sender_has_delivered_the_day()
    {
        _desk.Break(DeliveryStep.Acquire);
        await _desk.DeliverAsync(items: 3);
        _desk.Mend();
        Assert.Equal(DeliveryOutcome.Delivered, (await _desk.DeliverAsync(items: 2)).Outcome);

        Assert.Equal(new DeadLetterReplayResult { Letters = 1, Superseded = 1 }, await ReplayAsync());

        Assert.Equal(Some.Items(3).Select(static item => item.Url), await SentAsync(Some.Items(3)));
        Assert.Equal((DeliveryStatus.Delivered, "delivered", 2), (_desk.Header.Status, _desk.ManifestState, _desk.ManifestIds));
    }

    [Fact]
    public async Task The_links_of_an_attempt_that_ended_uncertain_and_announced_nothing_are_remembered_by_its_letter()
    {
        _desk.Break(DeliveryStep.Acquire);
        Assert.Equal(DeliveryOutcome.Uncertain, (await _desk.DeliverAsync(new TimeoutException())).Outcome);
        Assert.True(_desk.Sink.Letters[0].Delivery!.IsUncertain);
        _desk.Mend();

        Assert.Equal(new DeadLetterReplayResult { Letters = 1, Stored = 1 }, await ReplayAsync());

        Assert.Equal(Some.Items(3).Select(static item => item.Url), await SentAsync(Some.Items(3)));
        await _desk.DeliverAsync();
        Assert.True(_desk.Attempts[^1].IsRepeat);
    }

    [Fact]
    public async Task A_replay_into_a_table_that_is_still_down_keeps_the_letter_and_counts()
    {
        _desk.Break(Enum.GetValues<DeliveryStep>());
        await _desk.DeliverAsync();
        var queue = new LetterQueue();
        await queue.WriteAsync(_desk.Sink.Letters);

        DeadLetterReplayResult result = await _desk.Clock.RunAsync(() => new DeadLetterReplay(_desk.Repository, queue).RunAsync());

        Assert.Equal(new DeadLetterReplayResult { Letters = 1, Kept = 1 }, result);
        Assert.Equal(1, Assert.Single(queue.Letters).Attempts);
    }

    [Fact]
    public async Task A_replay_takes_letters_of_items_and_of_deliveries_together()
    {
        _desk.Break(DeliveryStep.Complete);
        await _desk.DeliverAsync();
        _desk.Mend();
        _desk.Sink.Letters.Add(_desk.Sink.Letters[0] with { Delivery = null, Item = Some.Item(7), Known = new KnownRecord { State = KnownRecordState.Absent } });

        Assert.Equal(new DeadLetterReplayResult { Letters = 2, Stored = 2 }, await ReplayAsync());

        Assert.Equal(DeliveryStatus.Delivered, _desk.Header.Status);
        Assert.NotNull(await _desk.Repository.FindAsync(DeliveryDesk.Date, Some.Item(7).Url));
    }

    private async Task<DeadLetterReplayResult> ReplayAsync()
    {
        var queue = new LetterQueue();
        await queue.WriteAsync(_desk.Sink.Letters);
        return await _desk.Clock.RunAsync(() => new DeadLetterReplay(_desk.Repository, queue).RunAsync());
    }

    private async Task<IEnumerable<string>> SentAsync(IReadOnlyCollection<DigestItem> items)
    {
        string[] urls = [.. items.Select(static item => item.Url)];
        SentLookup lookup = await _desk.Clock.RunAsync(() => _desk.Repository.FindSentAsync(DeliveryDesk.Date.AddDays(1), urls, days: 1));
        return urls.Where(lookup.Contains);
    }
}
