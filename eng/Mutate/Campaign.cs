using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Mutate;

// Which tests reach which mutant, and then for each mutant: do they notice it?
internal sealed class Campaign(Suite suite, IReadOnlyList<Mutant> mutants, int workers, LastRun last, Action<IReadOnlyList<Outcome>> report)
{
    // A mutant that nobody notices would otherwise cost every test that comes by, and the core is reached by nearly all.
    private const int TestsOfOtherClasses = 5;
    private const int Recording = -1;
    private const int Unchanged = -2;
    private static readonly TimeSpan LeastLimit = TimeSpan.FromSeconds(3);
    private readonly Dictionary<string, Test> _tests = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TimeSpan> _durations = new(StringComparer.Ordinal);
    private readonly Dictionary<int, HashSet<string>> _reachedBy = [];
    private readonly HashSet<int> _static = [];

    // What noticed a mutant of a member is asked first about its others.
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _killers = new(StringComparer.Ordinal);

    private int TestCount => _durations.Count;

    private List<string> NotUsable { get; } = [];

    public async Task RunAsync()
    {
        long began = Stopwatch.GetTimestamp();
        await MeasureAsync();
        await Console.Error.WriteLineAsync($"==> {TestCount} tests pass without a mutant, in {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s; not used: {string.Join(", ", NotUsable)}");
        List<Outcome> outcomes = [.. mutants.Select(last.OutcomeOf).OfType<Outcome>()];

        // The last survivors first, and then scattered, so that a run that is ended early has tried an even sample.
        IEnumerable<Mutant> rest = mutants.Except(outcomes.Select(outcome => outcome.Mutant)).OrderBy(mutant => !last.HasSurvived(mutant)).ThenBy(mutant => unchecked((uint)mutant.Id * 2654435761));
        var queue = new ConcurrentQueue<Mutant>(rest);
        await Task.WhenAll(Enumerable.Range(0, workers).Select(async _ =>
        {
            using var worker = new Worker(suite);
            while (queue.TryDequeue(out Mutant? mutant))
            {
                Outcome outcome = await TryAsync(mutant, worker);
                lock (outcomes)
                {
                    Note(outcome, outcomes);
                }
            }
        }));
        report(outcomes);
    }

    // The report is also written on the way: a run that is ended early can go on from there.
    private void Note(Outcome outcome, List<Outcome> outcomes)
    {
        outcomes.Add(outcome);
        if (!outcome.IsKilled)
        {
            Console.Error.WriteLine($"    {outcome.Verdict}: {outcome.Mutant.Key} (line {outcome.Mutant.Line})");
        }

        if (outcomes.Count % 50 == 0)
        {
            Console.Error.WriteLine($"    {outcomes.Count} of {mutants.Count} mutants, {outcomes.Count(one => one.IsKilled)} killed");
            report(outcomes);
        }
    }

    // The unchanged code, one test at a time. A test that does not pass can kill nothing.
    private async Task MeasureAsync()
    {
        using var first = new Worker(suite);
        var queue = new ConcurrentQueue<Test>((await first.FindTestsAsync()).OrderBy(test => test.Id, StringComparer.Ordinal));
        await Task.WhenAll(Enumerable.Range(0, workers).Select(async number =>
        {
            using Worker worker = number == 0 ? first : new Worker(suite);
            while (queue.TryDequeue(out Test? test))
            {
                TestRun run = await worker.RunAsync(Recording, test.Id, TimeSpan.FromMinutes(2));
                lock (_tests)
                {
                    Note(test, run);
                }
            }
        }));
    }

    private void Note(Test test, TestRun run)
    {
        if (run.End != TestEnd.Passed)
        {
            NotUsable.Add($"{test.Name} ({run.End})");
            return;
        }

        _tests[test.Id] = test;
        _durations[test.Id] = run.Took;
        foreach (string reached in run.Reached)
        {
            int mutant = int.Parse(reached.TrimEnd('s'), CultureInfo.InvariantCulture);
            if (reached.EndsWith('s'))
            {
                _static.Add(mutant);
            }

            (_reachedBy.TryGetValue(mutant, out HashSet<string>? tests) ? tests : _reachedBy[mutant] = []).Add(test.Id);
        }
    }

    private async Task<Outcome> TryAsync(Mutant mutant, Worker worker)
    {
        if (!_reachedBy.TryGetValue(mutant.Id, out HashSet<string>? reaching))
        {
            return new Outcome(mutant, Verdict.NotCovered);
        }

        if (!_static.Contains(mutant.Id))
        {
            return await TryAsync(mutant, Ordered(mutant, reaching), worker, worker);
        }

        // Computed once in a process, so by the first test that came by, while those that only read it reach nothing. All tests of the file
        // and of the mirrored folder are asked, in a process that never knew better.
        IEnumerable<int> sameFile = mutants.Where(other => other.File == mutant.File).Select(other => other.Id);
        IEnumerable<string> sameFolder = _tests.Keys.Where(test => IsOfFolder(mutant, test));
        string[] tests = [.. Ordered(mutant, [.. reaching, .. sameFile.SelectMany(id => _reachedBy.GetValueOrDefault(id) ?? []), .. sameFolder])];
        using var changed = new Worker(suite, mutant.Id, tests.Select(test => _tests[test].Class).Distinct());
        return await TryAsync(mutant, tests, changed, worker);
    }

    // The process that runs tests without the mutant is another one where the mutant is in the first from its start.
    private async Task<Outcome> TryAsync(Mutant mutant, IEnumerable<string> tests, Worker changed, Worker unchanged)
    {
        foreach (string test in tests)
        {
            TestRun run = await changed.RunAsync(mutant.Id, test, LimitOf(test));
            if (run.End == TestEnd.NotStarted)
            {
                // Throws where the tests do not start without the mutant either.
                _ = await unchanged.FindTestsAsync();
                return new Outcome(mutant, Verdict.Killed, "the start of the tests");
            }

            // Only a test that passes without the mutant, and fails with it once more, has noticed it: a loaded machine makes tests fail too.
            // A slow one is not waited for again.
            if (run.HasFailed && await PassesUnchangedAsync(test, unchanged) &&
                (IsSlow(test) || (await changed.RunAsync(mutant.Id, test, LimitOf(test))).HasFailed))
            {
                _killers.GetOrAdd(mutant.Member, static _ => []).Enqueue(test);
                return new Outcome(mutant, run.End == TestEnd.TimedOut ? Verdict.TimedOut : Verdict.Killed, _tests[test].Name);
            }
        }

        return new Outcome(mutant, Verdict.Survived);
    }

    // A second time in a new process: what the mutant left behind in the old one may be to blame.
    private async Task<bool> PassesUnchangedAsync(string test, Worker worker)
    {
        if ((await worker.RunAsync(Unchanged, test, LimitOf(test))).End == TestEnd.Passed)
        {
            return true;
        }

        worker.End();
        return (await worker.RunAsync(Unchanged, test, LimitOf(test))).End == TestEnd.Passed;
    }

    // Those that know the member, then those of the mirrored folder, then a few of each other class; the quick ones first.
    private IEnumerable<string> Ordered(Mutant mutant, HashSet<string> reaching)
    {
        string[] killers = [.. _killers.GetValueOrDefault(mutant.Member)?.GroupBy(id => id).OrderByDescending(group => group.Count()).Select(group => group.Key) ?? []];
        return reaching
            .GroupBy(test => _tests[test].Class)
            .SelectMany(tests => IsOfFolder(mutant, tests.First()) ? tests : tests.OrderBy(test => _durations[test]).Take(TestsOfOtherClasses))
            .Union(killers.Where(reaching.Contains))
            .OrderBy(test => Array.IndexOf(killers, test) is >= 0 and int index ? index : int.MaxValue)
            .ThenBy(IsSlow)
            .ThenBy(test => !IsOfFolder(mutant, test))
            .ThenBy(test => _durations[test]);
    }

    private bool IsSlow(string test) => _durations[test] > TimeSpan.FromSeconds(1);

    private bool IsOfFolder(Mutant mutant, string test) => _tests[test].Namespace.EndsWith("." + mutant.Folder.Replace('/', '.'), StringComparison.Ordinal);

    private TimeSpan LimitOf(string test) => TimeSpan.FromTicks(Math.Max(LeastLimit.Ticks, 4 * _durations[test].Ticks));
}
