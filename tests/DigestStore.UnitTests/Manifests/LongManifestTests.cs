using DigestStore.Calls;
using DigestStore.Manifests;
using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.UnitTests.Manifests;

// Manifests that are too long for one record.
public sealed class LongManifestTests : IDisposable
{
    private static readonly DigestItemId[] Many = [.. Enumerable.Range(0, (2 * ManifestUpdates.MaxIdsInPart) + 1).Select(Some.Id)];

    private readonly TableDouble _table = new();
    private readonly CallScope _scope = Some.Scope(deadline: TimeSpan.FromHours(1));
    private readonly ManifestTable _manifests;

    public LongManifestTests() => _manifests = new ManifestTable(Some.Gateway(_table, _scope), Some.Settings());

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(ManifestUpdates.MaxIdsInPart, 1)]
    [InlineData(ManifestUpdates.MaxIdsInPart + 1, 2)]
    [InlineData((2 * ManifestUpdates.MaxIdsInPart) + 1, 3)]
    public async Task Long_ones_are_written_in_parts_the_first_part_last(int ids, int parts)
    {
        Assert.Equal(ManifestOutcome.Applied, (await _manifests.AnnounceAsync(Some.Date, 10, "m", Many[..ids], seen: null)).Outcome);

        Manifest manifest = (await _manifests.ReadAsync(Some.Date)).Manifest!;
        Assert.Equal(Many[..ids].Order(), manifest.Ids);
        Assert.True(manifest.IsComplete);
        Assert.Equal(Enumerable.Range(1, parts).Reverse().Select(static part => RecordKeys.Manifest(Some.Date, part)), _table.Updates.Select(static update => update.Key.SortKey));
    }

    [Fact]
    public async Task The_ids_of_earlier_attempts_have_their_share_of_the_parts()
    {
        int most = ManifestUpdates.MaxIdsInPart - 1;
        ManifestReply first = await _manifests.AnnounceAsync(Some.Date, 10, "m", Many[..most], seen: null);
        await _manifests.AnnounceAsync(Some.Date, 11, "m", Many[most..], first.Manifest);

        Manifest manifest = (await _manifests.ReadAsync(Some.Date)).Manifest!;
        Assert.Equal(Many[most..].Order(), manifest.Ids);
        Assert.Equal(Many[..most].Order(), manifest.PriorIds);
        Assert.True(manifest.IsComplete);
    }

    [Fact]
    public async Task A_known_failure_clears_every_part()
    {
        await _manifests.AnnounceAsync(Some.Date, 10, "m", Many, seen: null);

        Assert.Equal(ManifestOutcome.Applied, (await _manifests.ClearAsync(Some.Date, 10)).Outcome);
        Manifest manifest = (await _manifests.ReadAsync(Some.Date)).Manifest!;
        Assert.Empty(manifest.Ids);
        Assert.False(manifest.IsUnsettled);
    }

    [Fact]
    public async Task A_clearing_that_ended_half_way_leaves_the_day_unsettled()
    {
        await _manifests.AnnounceAsync(Some.Date, 10, "m", Many, seen: null);
        _table.OnUpdate = static update => update.Key.SortKey.EndsWith("#3", StringComparison.Ordinal) ? new UpdateReply { Fault = Some.Fault(FaultKind.AccessDenied, 400) } : null;

        Assert.Equal(ManifestOutcome.NotAnswered, (await _manifests.ClearAsync(Some.Date, 10)).Outcome);
        Assert.True((await _manifests.ReadAsync(Some.Date)).Manifest!.IsUnsettled);
    }

    [Fact]
    public async Task A_part_that_is_missing_or_of_another_attempt_leaves_the_day_unsettled()
    {
        await _manifests.AnnounceAsync(Some.Date, 10, "m", Many, seen: null);
        await _manifests.ConfirmAsync(Some.Date, 10, "m");
        Assert.False((await _manifests.ReadAsync(Some.Date)).Manifest!.IsUnsettled);

        _table.OnUpdate = static update => update.Key.SortKey == RecordKeys.Manifest(Some.Date) ? new UpdateReply { Fault = Some.Fault(FaultKind.AccessDenied, 400) } : null;
        await _manifests.AnnounceAsync(Some.Date, 11, "m", Many[1..], seen: null);

        Manifest torn = (await _manifests.ReadAsync(Some.Date)).Manifest!;
        Assert.Equal((10L, false, true), (torn.Fence, torn.IsComplete, torn.IsUnsettled));
    }

    [Fact]
    public async Task Parts_without_a_first_one_are_no_manifest()
    {
        _table.OnUpdate = static update => update.Key.SortKey == RecordKeys.Manifest(Some.Date) ? new UpdateReply { Fault = Some.Fault(FaultKind.AccessDenied, 400) } : null;
        await _manifests.AnnounceAsync(Some.Date, 10, "m", Many, seen: null);

        Assert.Equal(ManifestOutcome.Absent, (await _manifests.ReadAsync(Some.Date)).Outcome);
    }

    // The last sender died before it announced anything, so the header has a larger fence than the manifest.
    [Fact]
    public async Task Whoever_settles_an_earlier_attempt_leaves_its_parts_whole()
    {
        await _manifests.AnnounceAsync(Some.Date, 10, "m", Many, seen: null);

        Assert.Equal(ManifestOutcome.Applied, (await _manifests.MarkDeliveredAsync(Some.Date, 11, "m")).Outcome);
        Manifest delivered = (await _manifests.ReadAsync(Some.Date)).Manifest!;
        Assert.Equal((Many.Length, ManifestState.Delivered, true), (delivered.Ids.Count, delivered.State, delivered.IsComplete));

        Assert.Equal(ManifestOutcome.Applied, (await _manifests.CloseAsync(Some.Date, 11, delivered, ManifestState.Delivered)).Outcome);
        Manifest closed = (await _manifests.ReadAsync(Some.Date)).Manifest!;
        Assert.Equal((0, Many.Length, true), (closed.Ids.Count, closed.PriorIds.Count, closed.IsComplete));
    }

    [Fact]
    public async Task What_was_certainly_not_sent_is_taken_back_from_every_part()
    {
        await _manifests.AnnounceAsync(Some.Date, 10, "m", Many, seen: null);

        Assert.Equal(ManifestOutcome.Applied, (await _manifests.MarkUnsentAsync(Some.Date, 11)).Outcome);

        Manifest manifest = (await _manifests.ReadAsync(Some.Date)).Manifest!;
        Assert.Equal((0, 0, false), (manifest.Ids.Count, manifest.PriorIds.Count, manifest.IsUnsettled));
    }

    [Fact]
    public async Task An_older_sender_overwrites_no_part()
    {
        await _manifests.AnnounceAsync(Some.Date, 11, "m", Many, seen: null);

        Assert.Equal(ManifestOutcome.Superseded, (await _manifests.AnnounceAsync(Some.Date, 10, "m", Many[5..], seen: null)).Outcome);
        Manifest manifest = (await _manifests.ReadAsync(Some.Date)).Manifest!;
        Assert.Equal((11L, Many.Length, true), (manifest.Fence, manifest.Ids.Count, manifest.IsComplete));
    }
}
