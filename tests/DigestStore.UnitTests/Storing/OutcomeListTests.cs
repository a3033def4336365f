using DigestStore.Storing;
using FsCheck;
using FsCheck.Fluent;

namespace DigestStore.UnitTests.Storing;

public sealed class OutcomeListTests
{
    private const int Segment = 1 << 15;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(2_049)]
    [InlineData(Segment - 1)]
    [InlineData(Segment)]
    [InlineData(Segment + 1)]
    [InlineData((3 * Segment) + 7)]
    public void Every_outcome_is_where_it_was_put(int count)
    {
        var list = new OutcomeList();
        for (int index = 0; index < count; index++)
        {
            list.Add((DigestItemOutcome)(index % 7));
        }

        Assert.Equal(count, list.Count);
        Assert.Equal(count, list.Settled);
        Assert.Equal(Enumerable.Range(0, count).Select(static index => (DigestItemOutcome)(index % 7)), list);
        Assert.Equal(count, Enum.GetValues<DigestItemOutcome>().Sum(list.CountOf));
    }

    [Fact]
    public void A_place_without_an_outcome_is_pending_and_counts_nowhere()
    {
        var list = new OutcomeList();

        int index = list.AddPending();

        Assert.True(list.IsPending(index));
        Assert.Single(list);
        Assert.Equal(0, list.Settled);
        Assert.All(Enum.GetValues<DigestItemOutcome>(), outcome => Assert.Equal(0, list.CountOf(outcome)));
    }

    [Fact]
    public void The_counts_follow_every_change() => Prop.ForAll(
        Gen.Two(Gen.Choose(0, 6)).ArrayOf().ToArbitrary(),
        static changes =>
        {
            var list = new OutcomeList();
            var expected = new Dictionary<int, DigestItemOutcome>();
            for (int place = 0; place < 7; place++)
            {
                list.AddPending();
            }

            foreach ((int place, int outcome) in changes)
            {
                list.Set(place, (DigestItemOutcome)outcome);
                expected[place] = (DigestItemOutcome)outcome;
            }

            return list.Settled == expected.Count
                && Enum.GetValues<DigestItemOutcome>().All(outcome => list.CountOf(outcome) == expected.Values.Count(value => value == outcome))
                && Enumerable.Range(0, 7).All(place => list.IsPending(place) != expected.ContainsKey(place));
        }).Check(Generate.Often);

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    [InlineData(511)]
    public void A_place_outside_is_refused(int index)
    {
        var list = new OutcomeList { DigestItemOutcome.Inserted, DigestItemOutcome.Inserted, DigestItemOutcome.Inserted };

        Assert.Throws<ArgumentOutOfRangeException>(() => list[index]);
    }

    [Fact]
    public void An_undefined_outcome_is_refused()
    {
        var list = new OutcomeList();

        Assert.Throws<ArgumentOutOfRangeException>(() => list.Add((DigestItemOutcome)7));
    }

    [Fact]
    public void A_million_outcomes_take_one_byte_each()
    {
        var list = new OutcomeList();
        for (int index = 0; index < 1_000_000; index++)
        {
            list.AddPending();
        }

        Assert.InRange(Retained.Bytes(list), 1_000_000, 1_040_000);
    }
}
