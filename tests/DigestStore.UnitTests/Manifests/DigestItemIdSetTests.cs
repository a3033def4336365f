using DigestStore.Manifests;

namespace DigestStore.UnitTests.Manifests;

public sealed class DigestItemIdSetTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(500)]
    public void A_set_has_its_ids_in_order_and_no_others(int count)
    {
        DigestItemId[] ids = [.. Enumerable.Range(0, count).Select(Some.Id)];

        DigestItemIdSet set = DigestItemIdSet.Of([.. ids, .. ids]);

        Assert.Equal(count, set.Count);
        Assert.Equal(ids.Order(), set);
        Assert.All(ids, id => Assert.True(set.Contains(id)));
        Assert.All(Enumerable.Range(count, 100), other => Assert.False(set.Contains(Some.Id(other))));
        Assert.Equal(set, DigestItemIdSet.FromBytes(set.Slice(0, count)));
    }

    [Fact]
    public void A_union_has_the_ids_of_both()
    {
        DigestItemIdSet union = Set(1, 2, 3).Union(Set(3, 4));

        Assert.Equal(Set(1, 2, 3, 4), union);
        Assert.Equal(Set(1), Set(1).Union(DigestItemIdSet.Empty));
        Assert.Equal(Set(1), DigestItemIdSet.Empty.Union(Set(1)));
    }

    [Fact]
    public void Bytes_that_are_out_of_order_or_incomplete_are_read_as_far_as_they_are_ids()
    {
        byte[] bytes = [.. Set(1).Slice(0, 1).ToArray(), .. Set(2).Slice(0, 1).ToArray(), .. Set(1).Slice(0, 1).ToArray(), 1, 2, 3];

        Assert.Equal(Set(1, 2), DigestItemIdSet.FromBytes(bytes));
        Assert.Empty(DigestItemIdSet.FromBytes(new byte[] { 1 }));
    }

    [Fact]
    public void A_slice_ends_with_the_set()
    {
        DigestItemIdSet set = Set(1, 2, 3);

        Assert.Equal([2, 1, 0, 3], new[] { set.Slice(1, 2), set.Slice(2, 5), set.Slice(9, 1), set.Slice(0, 3) }.Select(static bytes => bytes.Length / DigestItemId.Bytes));
    }

    private static DigestItemIdSet Set(params int[] numbers) => DigestItemIdSet.Of(numbers.Select(Some.Id));
}
