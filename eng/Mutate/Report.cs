namespace Mutate;

// What came of it: on the console and, whole, in a file.
internal sealed class Report(string folder, IReadOnlyList<Outcome> outcomes, int mutants, EquivalentMutants equivalents)
{
    public const string KilledBy = "killed by";
    public const string TimedOutIn = "timed out in";

    private readonly Outcome[] _survivors = [.. outcomes.Where(outcome => !outcome.IsKilled && equivalents.ReasonFor(outcome.Mutant) is null)];

    public IReadOnlyList<Outcome> Outcomes => outcomes;

    public bool IsEquivalent(Outcome outcome) => !outcome.IsKilled && equivalents.ReasonFor(outcome.Mutant) is not null;

    // Rounded down: 85 % is said only when it is reached.
    public int Score
    {
        get
        {
            int killed = Count(Verdict.Killed) + Count(Verdict.TimedOut);
            return killed + _survivors.Length == 0 ? 100 : 100 * killed / (killed + _survivors.Length);
        }
    }

    public string Summary()
    {
        int equivalent = outcomes.Count(outcome => !outcome.IsKilled) - _survivors.Length;
        return $"{folder}: {outcomes.Count} of {mutants} mutants: {Count(Verdict.Killed)} killed, {Count(Verdict.TimedOut)} timed out, "
            + $"{_survivors.Count(one => one.Verdict == Verdict.Survived)} survived, {_survivors.Count(one => one.Verdict == Verdict.NotCovered)} not covered, {equivalent} equivalent\n"
            + $"Mutation score: {Score} %";
    }

    public void Write(string file)
    {
        IEnumerable<string> stale = outcomes.Where(outcome => outcome.IsKilled && equivalents.ReasonFor(outcome.Mutant) is not null).Select(outcome => outcome.Mutant.Key)
            .Concat(equivalents.Unknown(folder, outcomes.Select(outcome => outcome.Mutant)));
        File.WriteAllLines(file,
        [
            Summary(),
            "", "Survivors, in the form of the list of equivalent mutants:",
            .. _survivors.SelectMany(one => Lines(one, one.Verdict == Verdict.Survived ? "survived" : "not covered")),
            "", "Equivalent mutants:",
            .. outcomes.Where(IsEquivalent).SelectMany(one => Lines(one, equivalents.ReasonFor(one.Mutant)!)),
            "", "In the list of equivalent mutants, but noticed by a test or not looked at:",
            .. stale,
            "", "Killed:",
            .. outcomes.Where(one => one.IsKilled).SelectMany(one => Lines(one, $"{(one.Verdict == Verdict.TimedOut ? TimedOutIn : KilledBy)} {one.KilledBy}")),
        ]);
    }

    private static string[] Lines(Outcome outcome, string what) => [$"  line {outcome.Mutant.Line}, {what}", outcome.Mutant.Key];

    private int Count(Verdict verdict) => outcomes.Count(outcome => outcome.Verdict == verdict);
}
