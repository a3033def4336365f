namespace Mutate.Sample;

// A few lines whose mutants are known: the tests beside them notice some and leave others alone.
public static class Till
{
    private static readonly int Discount = 40 + 2;

    public static int Sum(int left, int right) => left + right;

    // Called by a test that looks at nothing.
    public static int Unasserted(int number)
    {
        return number * 3;
    }

    public static int Uncalled(int number) => number - 7;

    // A long: counted up, it would take years to come round to the negative numbers.
    public static int CountDown(long from)
    {
        int steps = 0;
        while (from > 0)
        {
            from--;
            steps++;
        }

        return steps;
    }

    public static int Price(int amount) => amount - Discount;

    // Both ways lead to the same: no test can tell them apart.
    public static int Larger(int left, int right) => left > right ? left : right;
}
