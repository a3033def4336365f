namespace Mutate;

// What an earlier report says. Tests that were added since take nothing away from what was killed; the survivors, and what the report
// does not name, are tried again. So a run can be continued, or made again for the survivors alone.
internal sealed class LastRun
{
    private readonly Dictionary<string, (Verdict Verdict, string? KilledBy)> _verdicts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _survivors = new(StringComparer.Ordinal);

    public static LastRun None { get; } = new();

    public static LastRun Read(IEnumerable<string> reports, EquivalentMutants equivalents)
    {
        var last = new LastRun();
        foreach (string report in reports.Where(File.Exists))
        {
            string? what = null;
            foreach (string line in File.ReadAllLines(report))
            {
                if (line.StartsWith("  line ", StringComparison.Ordinal))
                {
                    what = line[(line.IndexOf(", ", StringComparison.Ordinal) + 2)..];
                }
                else if (what is not null)
                {
                    last.Note(line, what, equivalents);
                    what = null;
                }
            }
        }

        return last;
    }

    public Outcome? OutcomeOf(Mutant mutant) =>
        _verdicts.TryGetValue(mutant.Key, out (Verdict Verdict, string? KilledBy) known) ? new Outcome(mutant, known.Verdict, known.KilledBy) : null;

    public bool HasSurvived(Mutant mutant) => _survivors.Contains(mutant.Key);

    private void Note(string key, string what, EquivalentMutants equivalents)
    {
        if (what.StartsWith(Report.KilledBy, StringComparison.Ordinal))
        {
            _verdicts[key] = (Verdict.Killed, what[(Report.KilledBy.Length + 1)..]);
        }
        else if (what.StartsWith(Report.TimedOutIn, StringComparison.Ordinal))
        {
            _verdicts[key] = (Verdict.TimedOut, what[(Report.TimedOutIn.Length + 1)..]);
        }
        else if (equivalents.Contains(key))
        {
            _verdicts[key] = (Verdict.Survived, null);
        }
        else
        {
            _survivors.Add(key);
        }
    }
}
