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
    private static readonly TimeSpan LeastLimit = TimeSpan.FromSeconds(10);
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
        var queue = new ConcurrentQueue<Mutant>(mutants.Except(outcomes.Select(outcome => outcome.Mutant)));
        await Task.WhenAll(Enumerable.Range(0, workers).Select(async _ =>
        {
            Worker? worker = null;
            while (queue.TryDequeue(out Mutant? mutant))
            {
                (Outcome outcome, worker) = await TryAsync(mutant, worker);
                lock (outcomes)
                {
                    Note(outcome, outcomes);
                }
            }

            worker?.Dispose();
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
        Worker first = await RequireWorkerAsync();
        var queue = new ConcurrentQueue<Test>(first.Tests.OrderBy(test => test.Id, StringComparer.Ordinal));
        await Task.WhenAll(Enumerable.Range(0, workers).Select(async number =>
        {
            Worker worker = number == 0 ? first : await RequireWorkerAsync();
            while (queue.TryDequeue(out Test? test))
            {
                TestRun run = await worker.RunAsync(Recording, test.Id, TimeSpan.FromMinutes(2));
                lock (_tests)
                {
                    Note(test, run);
                }

                worker = worker.IsUsable ? worker : await RequireWorkerAsync();
            }

            worker.Dispose();
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

    private async Task<(Outcome Outcome, Worker? Worker)> TryAsync(Mutant mutant, Worker? worker)
    {
        if (!_reachedBy.TryGetValue(mutant.Id, out HashSet<string>? reaching))
        {
            return (new Outcome(mutant, Verdict.NotCovered), worker);
        }

        if (!_static.Contains(mutant.Id))
        {
            return await TryAsync(mutant, Ordered(mutant, reaching), worker, static worker => worker, () => Worker.StartAsync(suite));
        }

        // Computed once in a process, so by the first test that came by, while those that only read it reach nothing. All tests of the file
        // and of the mirrored folder are asked, in a process that never knew better.
        IEnumerable<int> sameFile = mutants.Where(other => other.File == mutant.File).Select(other => other.Id);
        IEnumerable<string> sameFolder = _tests.Keys.Where(test => IsOfFolder(mutant, test));
        string[] tests = [.. Ordered(mutant, [.. reaching, .. sameFile.SelectMany(id => _reachedBy.GetValueOrDefault(id) ?? []), .. sameFolder])];
        string[] classes = [.. tests.Select(test => _tests[test].Class).Distinct()];
        worker = worker is { IsUsable: true } ? worker : await RequireWorkerAsync();
        (Outcome outcome, Worker? changed) = await TryAsync(mutant, tests, null, _ => worker, () => Worker.StartAsync(suite, mutant.Id, classes));
        changed?.Dispose();
        return (outcome, worker);
    }

    // `unchangedOf` names the process that can run a test without the mutant: the same one, unless the mutant is in it from its start.
    private async Task<(Outcome Outcome, Worker? Worker)> TryAsync(
        Mutant mutant, IEnumerable<string> tests, Worker? worker, Func<Worker, Worker?> unchangedOf, Func<Task<Worker?>> start)
    {
        foreach (string test in tests)
        {
            worker = worker is { IsUsable: true } ? worker : await start();
            if (worker is null)
            {
                return (new Outcome(mutant, Verdict.Killed, "the start of the tests"), null);
            }

            TestRun run = await worker.RunAsync(mutant.Id, test, LimitOf(test));
            if (run.End is TestEnd.Passed or TestEnd.Skipped)
            {
                continue;
            }

            // Only a test that passes without the mutant, and fails with it once more, has noticed it: a loaded machine makes tests fail too.
            bool passesUnchanged = await PassesUnchangedAsync(test, unchangedOf(worker));
            worker = worker.IsUsable ? worker : await start();
            if (passesUnchanged && (worker is null || await FailsAgainAsync(mutant, test, run, worker)))
            {
                _killers.GetOrAdd(mutant.Member, static _ => []).Enqueue(test);
                return (new Outcome(mutant, run.End == TestEnd.TimedOut ? Verdict.TimedOut : Verdict.Killed, _tests[test].Name), worker);
            }
        }

        return (new Outcome(mutant, Verdict.Survived), worker);
    }

    private async Task<bool> PassesUnchangedAsync(string test, Worker? unchanged)
    {
        if (unchanged is { IsUsable: true } && (await unchanged.RunAsync(Unchanged, test, LimitOf(test))).End == TestEnd.Passed)
        {
            return true;
        }

        // What the mutant left behind in that process may be to blame.
        unchanged?.Dispose();
        using Worker fresh = await RequireWorkerAsync();
        return (await fresh.RunAsync(Unchanged, test, LimitOf(test))).End == TestEnd.Passed;
    }

    // A hang costs its whole limit and a slow test its time, so that they are not waited for twice.
    private async Task<bool> FailsAgainAsync(Mutant mutant, string test, TestRun run, Worker worker) =>
        run.End == TestEnd.TimedOut || IsSlow(test) || (await worker.RunAsync(mutant.Id, test, LimitOf(test))).End is not (TestEnd.Passed or TestEnd.Skipped);

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

    private async Task<Worker> RequireWorkerAsync() =>
        await Worker.StartAsync(suite) ?? throw new InvalidOperationException("The tests cannot be started on the unchanged code.");
}
