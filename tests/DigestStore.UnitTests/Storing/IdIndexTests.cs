using DigestStore.Storing;
using FsCheck;
using FsCheck.Fluent;

namespace DigestStore.UnitTests.Storing;

public sealed class IdIndexTests
{
    private const int Million = 1_000_000;

    [Fact]
    public void It_answers_as_a_dictionary_does_after_any_operations() => Prop.ForAll(
        Gen.Choose(0, 3_000).ArrayOf().ToArbitrary(),
        static keys =>
        {
            var index = new IdIndex();
            var expected = new Dictionary<DigestItemId, int>();
            for (int position = 0; position < keys.Length; position++)
            {
                DigestItemId id = Some.Id(keys[position]);
                bool found = index.TryGet(id, out int there);
                if (found != expected.TryGetValue(id, out int known) || (found && there != known) || index.Set(id, position) != (found ? known : null))
                {
                    return false;
                }

                expected[id] = position;
            }

            return index.Count == expected.Count && expected.All(entry => index.TryGet(entry.Key, out int there) && there == entry.Value);
        }).Check(Generate.Sometimes);

    [Fact]
    public void Ids_that_collide_in_all_but_one_bit_are_kept_apart()
    {
        var index = new IdIndex();
        List<DigestItemId> ids = [.. Enumerable.Range(0, 2_000).Select(static number => DigestItemId.Parse(number.ToString("x2", null).PadLeft(8, '0') + new string('0', 24)))];
        for (int position = 0; position < ids.Count; position++)
        {
            index.Set(ids[position], position);
        }

        Assert.Equal(ids.Count, index.Count);
        Assert.All(ids, (id, position) => Assert.True(index.TryGet(id, out int there) && there == position));
    }

    [Fact]
    public void The_id_of_zeros_and_the_index_0_are_like_any_other()
    {
        var index = new IdIndex();
        Assert.False(index.TryGet(default, out int none));
        Assert.Equal(-1, none);

        index.Set(default, 0);

        Assert.True(index.TryGet(default, out int there));
        Assert.Equal(0, there);
    }

    [Fact]
    public void A_million_ids_take_at_most_40_bytes_each()
    {
        var random = new Random(1);
        byte[] bytes = new byte[16];
        var index = new IdIndex();
        for (int position = 0; position < Million; position++)
        {
            random.NextBytes(bytes);
            index.Set(DigestItemId.Parse(Convert.ToHexStringLower(bytes)), position);
        }

        Assert.Equal(Million, index.Count);
        Assert.InRange(Retained.Bytes(index), 20L * Million, 40L * Million);
    }
}
