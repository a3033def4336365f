namespace Mutate.Sample.Tests.Code;

public sealed class TillTests
{
    [Fact]
    public void Two_numbers_are_added() => Assert.Equal(5, Till.Sum(2, 3));

    [Fact]
    public void A_call_whose_result_nobody_looks_at_kills_nothing() => _ = Till.Unasserted(2);

    [Fact]
    public void Counting_down_ends() => Assert.Equal(4, Till.CountDown(4));

    // The first to use the class: the discount is computed for both tests at once, but only the second one looks at it.
    [Fact]
    public void A_price_is_a_number() => Assert.IsType<int>(Till.Price(1));

    [Fact]
    public void A_price_has_its_discount_taken_off() => Assert.Equal(58, Till.Price(100));

    [Fact]
    public void The_larger_number_wins()
    {
        Assert.Equal(9, Till.Larger(9, 2));
        Assert.Equal(9, Till.Larger(2, 9));
    }
}
