using DigestStore.Manifests;

namespace DigestStore.UnitTests.Copying;

// What the manifests of two stores say together.
public sealed class ManifestMergeTests
{
    [Theory]
    [InlineData("Sending")]
    [InlineData("Unsent")]
    public void A_confirmed_manifest_wins_whatever_the_fences_are(string state)
    {
        Manifest confirmed = Of(ManifestState.Delivered, fence: 5, 1, 2);
        Manifest open = Of(Enum.Parse<ManifestState>(state), fence: 9, 3);

        Manifest one = open.MergedWith(confirmed);

        Assert.Equal((ManifestState.Delivered, 9L), (one.State, one.Fence));
        Assert.Equal(confirmed.Ids, one.Ids);
        Assert.Equal(open.Ids, one.PriorIds);
        Assert.Same(one, one.MergedWith(confirmed));

        Manifest other = confirmed.MergedWith(open);
        Assert.Equal((ManifestState.Delivered, 5L, 1), (other.State, other.Fence, other.PriorIds.Count));
    }

    [Fact]
    public void A_confirmed_manifest_stays_confirmed_beside_an_incomplete_one()
    {
        Manifest confirmed = Of(ManifestState.Delivered, fence: 5, 1, 2);
        Manifest incomplete = Of(ManifestState.Sending, fence: 9, 3) with { IsComplete = false };

        Assert.Equal(ManifestState.Delivered, confirmed.MergedWith(incomplete).State);
        Assert.Equal(ManifestState.Delivered, incomplete.MergedWith(confirmed).State);
        Assert.Equal(ManifestState.Sending, Of(ManifestState.Deleted, fence: 5, 1).MergedWith(incomplete).State);
    }

    [Fact]
    public void A_day_that_was_deleted_after_its_delivery_is_not_confirmed_again()
    {
        Manifest confirmed = Of(ManifestState.Delivered, fence: 5, 1, 2);

        Assert.Equal(ManifestState.Deleted, Of(ManifestState.Deleted, fence: 9).MergedWith(confirmed).State);
        Assert.Equal(ManifestState.Sending, (Of(ManifestState.Sending, fence: 9, 3) with { PreviousState = ManifestState.Deleted }).MergedWith(confirmed).State);
    }

    private static Manifest Of(ManifestState state, long fence, params int[] numbers) => new()
    {
        Date = Some.Date,
        Fence = fence,
        State = state,
        IdRules = "1",
        Ids = DigestItemIdSet.Of(numbers.Select(static number => Some.Id(number))),
    };
}
