using Amazon.DynamoDBv2.Model;
using DigestStore.Calls;
using DigestStore.Manifests;
using DigestStore.Records;
using DigestStore.Table;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.UnitTests.Manifests;

public sealed class ManifestTableTests : IDisposable
{
    private readonly TableDouble _table = new();
    private readonly FixedClock _clock = new() { Hurry = TimeSpan.FromSeconds(2) };
    private readonly CallScope _scope;
    private readonly ManifestTable _manifests;

    public ManifestTableTests()
    {
        _scope = Some.Scope(_clock, TimeSpan.FromHours(1));
        _manifests = Manifests();
    }

    public void Dispose() => _scope.Dispose();

    [Fact]
    public async Task An_announcement_is_read_back_as_it_was_made()
    {
        ManifestReply announced = await _manifests.AnnounceAsync(Some.Date, 10, "message", Ids(2, 1), seen: null);
        Manifest manifest = await ReadAsync();

        Assert.Equal(ManifestOutcome.Applied, announced.Outcome);
        Assert.Equal((10L, ManifestState.Sending, "message", "1", true, true), (manifest.Fence, manifest.State, manifest.MessageId, manifest.IdRules, manifest.IsComplete, manifest.IsUnsettled));
        Assert.Equal(Ids(1, 2).Order(), manifest.Ids);
        Assert.Empty(manifest.PriorIds);
        Assert.Equal(announced.Manifest!.Ids, manifest.Ids);
        Assert.Equal(2, _table.Requests);
    }

    [Fact]
    public async Task An_announcement_that_comes_late_forgets_nothing_that_earlier_attempts_announced()
    {
        await _manifests.AnnounceAsync(Some.Date, 10, "m", Ids(1), seen: null);

        // The next sender could not read the manifest, and its first request is held up on its way.
        RecordUpdate? late = null;
        _table.OnUpdate = update =>
        {
            bool isFirst = late is null;
            late ??= update;
            return isFirst ? new UpdateReply { Fault = Some.Fault(FaultKind.Unavailable, 500) } : null;
        };
        ManifestReply announced = await _manifests.AnnounceAsync(Some.Date, 11, "m", Ids(2), seen: null);
        UpdateReply arrived = await _table.UpdateAsync(late!, new Attempt(CancellationToken.None));
        Manifest manifest = await ReadAsync();

        Assert.Equal((ManifestOutcome.Applied, true), (announced.Outcome, arrived.IsRefused));
        Assert.Equal(Ids(2), manifest.Ids);
        Assert.Equal(Ids(1), manifest.PriorIds);
    }

    [Fact]
    public async Task A_day_without_a_manifest_has_none()
    {
        await _manifests.AnnounceAsync(Some.Date.AddDays(1), 10, "m", Ids(1), seen: null);
        await _manifests.AnnounceAsync(Some.Date.AddDays(-1), 10, "m", Ids(1), seen: null);

        Assert.Equal(new ManifestReply(ManifestOutcome.Absent), await _manifests.ReadAsync(Some.Date));
        Assert.Equal(ManifestOutcome.Absent, (await _manifests.ConfirmAsync(Some.Date, 11, "m")).Outcome);
        Assert.Equal(ManifestOutcome.Absent, (await _manifests.ClearAsync(Some.Date, 11)).Outcome);
    }

    [Fact]
    public async Task A_manifest_is_kept_until_nobody_may_ask_for_it_any_more()
    {
        await Manifests(static options => options.MaxLookback = TimeSpan.FromDays(30.5)).AnnounceAsync(Some.Date, 10, "m", Ids(1), seen: null);

        DateTimeOffset expiry = DateTimeOffset.FromUnixTimeSeconds(Record(RecordKeys.Manifest(Some.Date)).Number(N.ExpiresAt)!.Value);
        Assert.Equal(Some.Date.AddDays(32).ToDateTime(TimeOnly.MinValue), expiry.UtcDateTime);
    }

    [Fact]
    public async Task The_last_day_of_the_calendar_has_a_manifest_too()
    {
        ManifestReply reply = await _manifests.AnnounceAsync(DateOnly.MaxValue, 10, "m", Ids(1), seen: null);

        Assert.Equal(ManifestOutcome.Applied, reply.Outcome);
        Assert.Equal(Ids(1), (await _manifests.ReadAsync(DateOnly.MaxValue)).Manifest!.Ids);
    }

    [Fact]
    public async Task A_confirmation_settles_it()
    {
        await _manifests.AnnounceAsync(Some.Date, 10, "m", Ids(1), seen: null);

        ManifestReply reply = await _manifests.ConfirmAsync(Some.Date, 10, "final");
        Manifest manifest = await ReadAsync();

        Assert.Equal(ManifestOutcome.Applied, reply.Outcome);
        Assert.Equal((ManifestState.Delivered, "final", false), (manifest.State, manifest.MessageId, manifest.IsUnsettled));
        Assert.Equal(Ids(1), manifest.Ids);
    }

    [Fact]
    public async Task A_known_failure_forgets_this_attempt_and_no_earlier_one()
    {
        ManifestReply first = await _manifests.AnnounceAsync(Some.Date, 10, "m", Ids(1), seen: null);
        await _manifests.AnnounceAsync(Some.Date, 11, "m", Ids(2), first.Manifest);

        ManifestReply reply = await _manifests.ClearAsync(Some.Date, 11);
        Manifest manifest = await ReadAsync();

        Assert.Equal(ManifestOutcome.Applied, reply.Outcome);
        Assert.Empty(manifest.Ids);
        Assert.Equal(Ids(1), manifest.PriorIds);
        Assert.True(manifest.IsComplete);
        Assert.True(manifest.IsUnsettled, "the first attempt may have been sent");
    }

    [Fact]
    public async Task The_only_attempt_that_failed_leaves_nothing_unsettled()
    {
        await _manifests.AnnounceAsync(Some.Date, 10, "m", Ids(1), seen: null);
        await _manifests.ClearAsync(Some.Date, 10);

        Assert.False((await ReadAsync()).IsUnsettled);
    }

    [Fact]
    public async Task Another_announcement_of_the_same_attempt_adds_to_it()
    {
        ManifestReply first = await _manifests.AnnounceAsync(Some.Date, 10, "m", Ids(1), seen: null);
        await _manifests.AnnounceAsync(Some.Date, 10, "m", Ids(2), first.Manifest);

        Manifest manifest = await ReadAsync();
        Assert.Equal(Ids(1, 2).Order(), manifest.Ids);
        Assert.Empty(manifest.PriorIds);
    }

    // The read after the lease was taken saw nothing, and the announcement of a holder that was held up came then.
    [Fact]
    public async Task A_late_announcement_in_between_is_merged_and_not_overwritten()
    {
        await _manifests.AnnounceAsync(Some.Date, 10, "m", Ids(1), seen: null);

        ManifestReply reply = await _manifests.AnnounceAsync(Some.Date, 11, "m", Ids(2), seen: null);
        Manifest manifest = await ReadAsync();

        Assert.Equal(ManifestOutcome.Applied, reply.Outcome);
        Assert.Equal((11L, ManifestState.Sending), (manifest.Fence, manifest.State));
        Assert.Equal(Ids(2), manifest.Ids);
        Assert.Equal(Ids(1), manifest.PriorIds);
    }

    [Fact]
    public async Task A_manifest_that_is_never_at_rest_is_given_up_after_three_rounds()
    {
        long fence = 10;
        _table.OnUpdate = update =>
        {
            if (update.ValueOf(N.Fence)?.Number == 100)
            {
                _table.Storage.With("digests", RecordKeys.Sent("daily"), records => records[RecordKeys.Manifest(Some.Date)] = Attributes(++fence));
            }

            return null;
        };

        ManifestReply reply = await _manifests.AnnounceAsync(Some.Date, 100, "m", Ids(1), seen: null);

        Assert.Equal((ManifestOutcome.NotAnswered, FaultKind.ConditionFailed), (reply.Outcome, reply.Fault!.Kind));
        Assert.Equal(3, _table.Updates.Count);
    }

    [Fact]
    public async Task An_older_sender_changes_nothing_any_more()
    {
        await _manifests.AnnounceAsync(Some.Date, 11, "new", Ids(2), seen: null);
        Manifest before = await ReadAsync();

        ManifestReply[] late =
        [
            await _manifests.AnnounceAsync(Some.Date, 10, "old", Ids(1), seen: null),
            await _manifests.ConfirmAsync(Some.Date, 10, "old"),
            await _manifests.ClearAsync(Some.Date, 10),
        ];

        Assert.All(late, static reply => Assert.Equal((ManifestOutcome.Superseded, 11L), (reply.Outcome, reply.Manifest!.Fence)));
        AssertSame(before, await ReadAsync());
    }

    [Fact]
    public async Task What_was_confirmed_is_neither_announced_nor_cleared_by_the_same_attempt()
    {
        await _manifests.AnnounceAsync(Some.Date, 10, "m", Ids(1), seen: null);
        await _manifests.ConfirmAsync(Some.Date, 10, "m");
        Manifest before = await ReadAsync();

        Assert.Equal(ManifestOutcome.Superseded, (await _manifests.AnnounceAsync(Some.Date, 10, "m", Ids(2), seen: null)).Outcome);
        Assert.Equal(ManifestOutcome.Superseded, (await _manifests.ClearAsync(Some.Date, 10)).Outcome);
        AssertSame(before, await ReadAsync());
    }

    // The announcement had no answer and did not arrive, and the email went out all the same.
    [Fact]
    public async Task A_failure_that_was_never_announced_leaves_the_attempt_before_alone()
    {
        await _manifests.AnnounceAsync(Some.Date, 10, "m", Ids(1), seen: null);

        ManifestReply reply = await _manifests.ClearAsync(Some.Date, 11);

        Assert.Equal(ManifestOutcome.Absent, reply.Outcome);
        Assert.Equal(Ids(1), (await ReadAsync()).Ids);
    }

    [Fact]
    public async Task A_confirmation_that_was_never_announced_says_nothing_about_what_another_attempt_announced()
    {
        await _manifests.AnnounceAsync(Some.Date, 10, "m", Ids(1), seen: null);

        ManifestReply reply = await _manifests.ConfirmAsync(Some.Date, 11, "m");

        Assert.Equal((ManifestOutcome.Absent, 10L), (reply.Outcome, reply.Manifest!.Fence));
        Assert.True((await ReadAsync()).IsUnsettled);
    }

    [Fact]
    public async Task An_attempt_that_announced_nothing_and_was_sent_settles_the_day_and_keeps_what_earlier_ones_announced()
    {
        await _manifests.AnnounceAsync(Some.Date, 10, "m", Ids(1), seen: null);

        Assert.Equal(ManifestOutcome.Applied, (await _manifests.CloseAsync(Some.Date, 11, await ReadAsync(), ManifestState.Delivered)).Outcome);

        Manifest manifest = await ReadAsync();
        Assert.Equal((11L, ManifestState.Delivered, false), (manifest.Fence, manifest.State, manifest.IsUnsettled));
        Assert.Empty(manifest.Ids);
        Assert.Equal(Ids(1), manifest.PriorIds);
        Assert.Equal(ManifestOutcome.Superseded, (await _manifests.AnnounceAsync(Some.Date, 11, "m", Ids(2), seen: null)).Outcome);
    }

    [Fact]
    public async Task A_known_failure_puts_back_that_the_day_was_deleted()
    {
        ManifestReply first = await _manifests.AnnounceAsync(Some.Date, 10, "m", Ids(1), seen: null);
        await _manifests.CloseAsync(Some.Date, 11, first.Manifest!, ManifestState.Deleted);
        await _manifests.AnnounceAsync(Some.Date, 12, "m", Ids(2), await ReadAsync());
        await _manifests.AnnounceAsync(Some.Date, 12, "m", Ids(3), await ReadAsync());
        Assert.True((await ReadAsync()).IsUnsettled);
        Assert.False((await ReadAsync()).IsUnsettledBefore(12));

        await _manifests.ClearAsync(Some.Date, 12);
        Assert.Equal((ManifestState.Deleted, false), ((await ReadAsync()).State, (await ReadAsync()).IsUnsettled));

        // An attempt whose end nobody knows is not forgotten by the failure of the next one.
        await _manifests.AnnounceAsync(Some.Date, 13, "m", Ids(2), await ReadAsync());
        await _manifests.AnnounceAsync(Some.Date, 14, "m", Ids(2), await ReadAsync());
        Assert.True((await ReadAsync()).IsUnsettledBefore(14));
        await _manifests.ClearAsync(Some.Date, 14);
        Assert.Equal((ManifestState.Sending, true), ((await ReadAsync()).State, (await ReadAsync()).IsUnsettled));
    }

    [Fact]
    public async Task What_was_certainly_not_sent_is_taken_back_and_earlier_attempts_are_not()
    {
        ManifestReply first = await _manifests.AnnounceAsync(Some.Date, 10, "m", Ids(1), seen: null);
        await _manifests.AnnounceAsync(Some.Date, 11, "m", Ids(2), first.Manifest);

        Assert.Equal(ManifestOutcome.Superseded, (await _manifests.MarkUnsentAsync(Some.Date, 10)).Outcome);
        Assert.Equal(ManifestOutcome.Applied, (await _manifests.MarkUnsentAsync(Some.Date, 12)).Outcome);

        Manifest manifest = await ReadAsync();
        Assert.Equal((11L, ManifestState.Unsent, false), (manifest.Fence, manifest.State, manifest.IsUnsettled));
        Assert.Empty(manifest.Ids);
        Assert.Equal(Ids(1), manifest.PriorIds);
        Assert.Equal(ManifestOutcome.Superseded, (await _manifests.ConfirmAsync(Some.Date, 11, "m")).Outcome);
        await _manifests.ClearAsync(Some.Date, 11);
        Assert.Equal(ManifestState.Unsent, (await ReadAsync()).State);
    }

    // The same attempt has announced more since the manifest was read.
    [Fact]
    public async Task A_day_is_closed_with_what_was_announced_in_between()
    {
        ManifestReply first = await _manifests.AnnounceAsync(Some.Date, 10, "m", Ids(1), seen: null);
        await _manifests.AnnounceAsync(Some.Date, 10, "m", Ids(2), first.Manifest);

        await _manifests.CloseAsync(Some.Date, 11, first.Manifest!, ManifestState.Deleted);

        Assert.Equal(Ids(1, 2).Order(), (await ReadAsync()).PriorIds);
    }

    [Fact]
    public async Task A_day_that_is_delivered_is_announced_no_more_whether_or_not_its_manifest_was_read()
    {
        ManifestReply first = await _manifests.AnnounceAsync(Some.Date, 10, "m", Ids(1), seen: null);
        await _manifests.ConfirmAsync(Some.Date, 10, "m");

        Assert.Equal(ManifestOutcome.Superseded, (await _manifests.AnnounceAsync(Some.Date, 11, "m", Ids(2), first.Manifest)).Outcome);
        Assert.Equal(ManifestOutcome.Superseded, (await _manifests.AnnounceAsync(Some.Date, 11, "m", Ids(2), seen: null)).Outcome);

        Manifest manifest = await ReadAsync();
        Assert.Equal((10L, ManifestState.Delivered), (manifest.Fence, manifest.State));
        Assert.Equal(Ids(1), manifest.Ids);
    }

    [Fact]
    public async Task What_another_sender_has_mailed_is_remembered_beside_what_is_there()
    {
        Assert.Equal(ManifestOutcome.Applied, (await _manifests.RememberAsync(Some.Date, "m", Ids(1), ManifestState.Sending)).Outcome);
        Assert.True((await ReadAsync()).IsUnsettled);
        await _manifests.AnnounceAsync(Some.Date, 10, "m", Ids(2), seen: null);
        await _manifests.ConfirmAsync(Some.Date, 10, "m");

        Assert.Equal(ManifestOutcome.Applied, (await _manifests.RememberAsync(Some.Date, "late", Ids(3), ManifestState.Delivered)).Outcome);

        Manifest manifest = await ReadAsync();
        Assert.Equal((10L, ManifestState.Delivered, "m"), (manifest.Fence, manifest.State, manifest.MessageId));
        Assert.Equal(Ids(2), manifest.Ids);
        Assert.Equal(DigestItemIdSet.Of([.. Ids(1), .. Ids(3)]), manifest.PriorIds);
    }

    [Fact]
    public async Task The_message_that_may_have_to_be_repeated_is_the_remembered_one_if_the_announced_one_was_taken_back()
    {
        await _manifests.AnnounceAsync(Some.Date, 10, "failed", Ids(1), seen: null);
        await _manifests.ClearAsync(Some.Date, 10);
        await _manifests.RememberAsync(Some.Date, "late", Ids(2), ManifestState.Sending);
        Assert.Equal("late", (await ReadAsync()).MessageId);

        await _manifests.RememberAsync(Some.Date, "later", Ids(3), ManifestState.Sending);
        Assert.Equal("late", (await ReadAsync()).MessageId);
    }

    [Fact]
    public async Task Ids_that_may_have_been_sent_open_a_day_that_was_deleted_or_taken_back()
    {
        ManifestReply first = await _manifests.AnnounceAsync(Some.Date, 10, "m", Ids(1), seen: null);
        await _manifests.CloseAsync(Some.Date, 11, first.Manifest!, ManifestState.Deleted);
        await _manifests.AnnounceAsync(Some.Date, 12, "m", Ids(2), await ReadAsync());

        // While the day is sent anew: its known failure says nothing about the other email.
        await _manifests.RememberAsync(Some.Date, "late", Ids(3), ManifestState.Sending);
        Assert.True((await ReadAsync()).IsUnsettledBefore(12));
        await _manifests.ClearAsync(Some.Date, 12);
        Assert.Equal((ManifestState.Sending, true), ((await ReadAsync()).State, (await ReadAsync()).IsUnsettled));

        await _manifests.MarkUnsentAsync(Some.Date, 12);
        Assert.False((await ReadAsync()).IsUnsettled);
        await _manifests.RememberAsync(Some.Date, "late", Ids(4), ManifestState.Sending);
        Assert.Equal((ManifestState.Sending, true), ((await ReadAsync()).State, (await ReadAsync()).IsUnsettled));
    }

    [Fact]
    public async Task Ids_of_another_store_that_may_have_been_sent_open_a_day_that_was_deleted()
    {
        await _manifests.AnnounceAsync(Some.Date, 10, "m", Ids(1), seen: null);
        Manifest open = await ReadAsync();
        var deleted = new Manifest { Date = Some.Date, Fence = 11, State = ManifestState.Deleted, IdRules = open.IdRules, PriorIds = DigestItemIdSet.Of(Ids(2)) };
        Manifest sentAnew = deleted with { State = ManifestState.Sending, PreviousState = ManifestState.Deleted, Ids = DigestItemIdSet.Of(Ids(3)) };

        Assert.Equal((ManifestState.Sending, true), (deleted.MergedWith(open).State, deleted.MergedWith(open).IsUnsettled));
        Assert.Null(sentAnew.MergedWith(open).PreviousState);
        Assert.Equal(ManifestState.Delivered, (deleted with { State = ManifestState.Delivered }).MergedWith(open).State);

        // What is known there already, or was settled there, opens nothing.
        Assert.Equal(ManifestState.Deleted, (deleted with { PriorIds = open.Ids }).MergedWith(open).State);
        Assert.Equal(ManifestState.Deleted, deleted.MergedWith(open with { State = ManifestState.Delivered, Fence = 9 }).State);
    }

    [Fact]
    public async Task A_closed_day_still_knows_what_was_sent_and_can_be_sent_again()
    {
        ManifestReply first = await _manifests.AnnounceAsync(Some.Date, 10, "m", Ids(1), seen: null);
        await _manifests.ConfirmAsync(Some.Date, 10, "m");

        ManifestReply closed = await _manifests.CloseAsync(Some.Date, 11, first.Manifest!, ManifestState.Deleted);
        Manifest manifest = await ReadAsync();
        ManifestReply again = await _manifests.AnnounceAsync(Some.Date, 12, "m", Ids(2), manifest);

        Assert.Equal(ManifestOutcome.Applied, closed.Outcome);
        Assert.Equal((11L, ManifestState.Deleted, false), (manifest.Fence, manifest.State, manifest.IsUnsettled));
        Assert.Empty(manifest.Ids);
        Assert.Equal(Ids(1), manifest.PriorIds);
        Assert.Equal(ManifestOutcome.Applied, again.Outcome);
        Assert.Equal(Ids(1), (await ReadAsync()).PriorIds);
    }

    [Fact]
    public async Task A_manifest_that_is_gone_cannot_be_closed()
    {
        ManifestReply first = await _manifests.AnnounceAsync(Some.Date, 10, "m", Ids(1), seen: null);
        _table.Storage.Clear();

        Assert.Equal(ManifestOutcome.Absent, (await _manifests.CloseAsync(Some.Date, 11, first.Manifest!, ManifestState.Deleted)).Outcome);
        Assert.Equal(0, _table.Storage.Count);
    }

    [Fact]
    public async Task Ids_of_other_rules_make_it_a_mixed_manifest()
    {
        ManifestTable others = Manifests(static options => options.Identity.DropFragment = false);
        ManifestReply first = await others.AnnounceAsync(Some.Date, 10, "m", Ids(1), seen: null);
        await _manifests.AnnounceAsync(Some.Date, 11, "m", Ids(2), first.Manifest);

        Assert.NotEqual("1", first.Manifest!.IdRules);
        Assert.Equal(Manifest.MixedRules, (await ReadAsync()).IdRules);

        await _manifests.AnnounceAsync(Some.Date.AddDays(1), 10, "m", [], seen: null);
        Assert.Equal("1", (await _manifests.ReadAsync(Some.Date.AddDays(1))).Manifest!.IdRules);
    }

    // A first answer is lost: the table has done it, and the retry must not do more.
    [Theory]
    [InlineData("announce")]
    [InlineData("confirm")]
    [InlineData("clear")]
    [InlineData("close")]
    public async Task A_change_whose_answer_was_lost_is_made_once(string change)
    {
        ManifestReply first = await _manifests.AnnounceAsync(Some.Date, 10, "m", Ids(1), seen: null);
        int calls = 0;
        _table.OnUpdate = update =>
        {
            if (calls++ > 0)
            {
                return null;
            }

            _ = new DigestStore.Testing.InMemoryTable(_table.Storage).UpdateAsync(update, new Attempt(CancellationToken.None));
            return new UpdateReply { Fault = Some.Fault(FaultKind.Unavailable, 500) };
        };

        ManifestReply reply = change switch
        {
            "announce" => await _manifests.AnnounceAsync(Some.Date, 11, "m", Ids(2), first.Manifest),
            "confirm" => await _manifests.ConfirmAsync(Some.Date, 10, "m"),
            "clear" => await _manifests.ClearAsync(Some.Date, 10),
            _ => await _manifests.CloseAsync(Some.Date, 11, first.Manifest!, ManifestState.Deleted),
        };
        Manifest manifest = await ReadAsync();

        Assert.Equal((ManifestOutcome.Applied, 2), (reply.Outcome, calls));
        Assert.Equal(change is "announce" or "close" ? Ids(1) : [], manifest.PriorIds);
        Assert.Equal(change switch { "announce" => Ids(2), "confirm" => Ids(1), _ => [] }, manifest.Ids);
    }

    [Theory]
    [InlineData("Unavailable")]
    [InlineData("AccessDenied")]
    public async Task A_table_that_does_not_answer_is_told(string kind)
    {
        var fault = new UpdateReply { Fault = Some.Fault(Enum.Parse<FaultKind>(kind), 400) };
        _table.OnUpdate = _ => fault;
        _table.OnQuery = _ => Task.FromResult(new PageReply { Fault = fault.Fault });

        ManifestReply[] replies =
        [
            await _manifests.ReadAsync(Some.Date),
            await _manifests.AnnounceAsync(Some.Date, 10, "m", Ids(1), seen: null),
            await _manifests.ConfirmAsync(Some.Date, 10, "m"),
            await _manifests.ClearAsync(Some.Date, 10),
        ];

        Assert.All(replies, reply => Assert.Equal((ManifestOutcome.NotAnswered, kind), (reply.Outcome, reply.Fault!.Kind.ToString())));
    }

    [Fact]
    public async Task A_manifest_of_a_newer_version_is_neither_read_nor_overwritten()
    {
        Put(RecordKeys.Manifest(Some.Date), Attributes(10, version: 2));

        ManifestReply[] replies =
        [
            await _manifests.ReadAsync(Some.Date),
            await _manifests.AnnounceAsync(Some.Date, 11, "m", Ids(1), seen: null),
            await _manifests.ConfirmAsync(Some.Date, 11, "m"),
            await _manifests.ClearAsync(Some.Date, 10),
        ];

        Assert.All(replies, static reply => Assert.Equal((ManifestOutcome.NotAnswered, ManifestReply.NewerSchema), (reply.Outcome, reply.Fault)));
        Assert.Equal(2, Record(RecordKeys.Manifest(Some.Date)).Number(N.Version));
    }

    [Fact]
    public async Task A_manifest_whose_fence_is_gone_is_written_anew()
    {
        Put(RecordKeys.Manifest(Some.Date), new() { [N.State] = ItemMapper.Text("sending"), [N.Ids] = ItemMapper.Bytes(DigestItemIdSet.Of(Ids(1)).Slice(0, 1)) });

        Manifest damaged = await ReadAsync();
        ManifestReply reply = await _manifests.AnnounceAsync(Some.Date, 11, "m", Ids(2), damaged);

        Assert.True(damaged is { IsComplete: false, IsUnsettled: true, Fence: 0 });
        Assert.Equal(ManifestOutcome.Applied, reply.Outcome);
        Assert.Equal(Ids(1), (await ReadAsync()).PriorIds);
    }

    [Theory]
    [InlineData("state")]
    [InlineData("ids")]
    [InlineData("n")]
    public async Task A_damaged_manifest_is_unsettled(string attribute)
    {
        await _manifests.AnnounceAsync(Some.Date, 10, "m", Ids(1, 2), seen: null);
        await _manifests.ConfirmAsync(Some.Date, 10, "m");
        _table.Storage.With("digests", RecordKeys.Sent("daily"), records =>
        {
            Dictionary<string, AttributeValue> record = records[RecordKeys.Manifest(Some.Date)];
            record[attribute] = attribute == "ids" ? ItemMapper.Bytes(new byte[17]) : ItemMapper.Text("strange");
            return 0;
        });

        Manifest manifest = await ReadAsync();
        Assert.True(manifest is { IsComplete: false, IsUnsettled: true });
    }

    private static List<DigestItemId> Ids(params int[] numbers) => [.. numbers.Select(Some.Id)];

    private static Dictionary<string, AttributeValue> Attributes(long fence, int version = 1) => new()
    {
        [N.Pk] = ItemMapper.Text(RecordKeys.Sent("daily")),
        [N.Sk] = ItemMapper.Text(RecordKeys.Manifest(Some.Date)),
        [N.Version] = ItemMapper.Number(version),
        [N.Fence] = ItemMapper.Number(fence),
        [N.State] = ItemMapper.Text("sending"),
        [N.Count] = ItemMapper.Number(0),
    };

    private static void AssertSame(Manifest expected, Manifest actual)
    {
        Assert.Equal((expected.Fence, expected.State, expected.MessageId), (actual.Fence, actual.State, actual.MessageId));
        Assert.Equal(expected.Ids, actual.Ids);
        Assert.Equal(expected.PriorIds, actual.PriorIds);
    }

    private ManifestTable Manifests(Action<DigestStoreOptions>? change = null) => new(Some.Gateway(_table, _scope, change), Some.Settings(change));

    private async Task<Manifest> ReadAsync()
    {
        ManifestReply reply = await _manifests.ReadAsync(Some.Date);
        Assert.Equal(ManifestOutcome.Applied, reply.Outcome);
        return reply.Manifest!;
    }

    private void Put(string sortKey, Dictionary<string, AttributeValue> attributes)
    {
        attributes[N.Pk] = ItemMapper.Text(RecordKeys.Sent("daily"));
        attributes[N.Sk] = ItemMapper.Text(sortKey);
        _table.Storage.With("digests", RecordKeys.Sent("daily"), records => records[sortKey] = attributes);
    }

    private StoredRecord Record(string sortKey) => new(
        new RecordKey(RecordKeys.Sent("daily"), sortKey), _table.Storage.With("digests", RecordKeys.Sent("daily"), records => records[sortKey]));
}
