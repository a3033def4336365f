namespace Mutate;

// The command on a few lines whose mutants are known. It must not be trusted when it is wrong about them.
internal static class SelfCheck
{
    private static readonly (string Member, string Original, string Replacement, Verdict Verdict)[] Known =
    [
        ("Till.Sum", "left + right", "left - right", Verdict.Killed),
        ("Till.Unasserted", "number * 3", "number / 3", Verdict.Survived),
        ("Till.Unasserted", "3", "4", Verdict.Survived),
        ("Till.Uncalled", "number - 7", "number + 7", Verdict.NotCovered),
        ("Till.CountDown", "from--;", "from++;", Verdict.TimedOut),
        ("Till.CountDown", "steps++;", "(nothing)", Verdict.Killed),
        ("Till.Discount", "40 + 2", "40 - 2", Verdict.Killed),
        ("Till.Larger", "left > right", "left >= right", Verdict.Survived),
    ];

    public static async Task<int> RunAsync(string root)
    {
        string sample = Path.Combine(root, "eng/Mutate.Sample");
        var target = new Target(
            Path.Combine(sample, "Library/Mutate.Sample.csproj"), Path.Combine(sample, "Tests/Mutate.Sample.Tests.csproj"), Path.Combine(sample, "equivalent.txt"));
        Report report = (await Session.RunAsync(root, target, ["Code"], workers: 1))[0];
        int wrong = 0;
        foreach ((string member, string original, string replacement, Verdict expected) in Known)
        {
            Verdict? found = report.Outcomes.SingleOrDefault(one => (one.Mutant.Member, one.Mutant.Original, one.Mutant.Replacement) == (member, original, replacement))?.Verdict;
            Console.WriteLine($"{(found == expected ? "right" : "WRONG")}: {member}: {original} -> {replacement}: {found?.ToString() ?? "no such mutant"}{(found == expected ? "" : $", must be {expected}")}");
            wrong += found == expected ? 0 : 1;
        }

        bool isListed = report.Outcomes.Single(one => one.Mutant.Original == "left > right" && one.Mutant.Replacement == "left >= right") is { } same && report.IsEquivalent(same);
        Console.WriteLine($"{(isListed ? "right" : "WRONG")}: an equivalent mutant does not count");
        Console.WriteLine(report.Summary());
        return wrong == 0 && isListed ? 0 : 1;
    }
}
