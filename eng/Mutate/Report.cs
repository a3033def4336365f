using System.Text;

namespace Mutate;

// What came of it: on the console and, whole, in a file.
internal sealed class Report(string folder, IReadOnlyList<Outcome> outcomes, EquivalentMutants equivalents)
{
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
        var text = new StringBuilder();
        text.AppendLine($"{folder}: {outcomes.Count} mutants: {Count(Verdict.Killed)} killed, {Count(Verdict.TimedOut)} timed out, "
            + $"{_survivors.Count(one => one.Verdict == Verdict.Survived)} survived, {_survivors.Count(one => one.Verdict == Verdict.NotCovered)} not covered, {equivalent} equivalent");
        return text.Append($"Mutation score: {Score} %").ToString();
    }

    public void Write(string file)
    {
        var text = new StringBuilder();
        text.AppendLine(Summary()).AppendLine().AppendLine("Survivors, in the form of the list of equivalent mutants:");
        foreach (Outcome outcome in _survivors)
        {
            text.AppendLine($"  line {outcome.Mutant.Line}, {(outcome.Verdict == Verdict.Survived ? "survived" : "not covered")}").AppendLine(outcome.Mutant.Key);
        }

        text.AppendLine().AppendLine("Equivalent mutants:");
        foreach (Outcome outcome in outcomes.Where(IsEquivalent))
        {
            text.AppendLine($"  {equivalents.ReasonFor(outcome.Mutant)}").AppendLine(outcome.Mutant.Key);
        }

        text.AppendLine().AppendLine("In the list of equivalent mutants, but noticed by a test or no longer in the code:");
        text.AppendJoin('\n', outcomes.Where(outcome => outcome.IsKilled && equivalents.ReasonFor(outcome.Mutant) is not null).Select(outcome => outcome.Mutant.Key)
            .Concat(equivalents.Unknown(folder, outcomes.Select(outcome => outcome.Mutant)))).AppendLine();
        text.AppendLine().AppendLine("Killed:");
        foreach (Outcome outcome in outcomes.Where(outcome => outcome.IsKilled))
        {
            text.AppendLine($"  line {outcome.Mutant.Line}, {(outcome.Verdict == Verdict.TimedOut ? "timed out in" : "killed by")} {outcome.KilledBy}").AppendLine(outcome.Mutant.Key);
        }

        File.WriteAllText(file, text.ToString());
    }

    private int Count(Verdict verdict) => outcomes.Count(outcome => outcome.Verdict == verdict);
}
